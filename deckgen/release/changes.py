"""What a release changes, as a section of the deck's changelog, in Markdown and in the deck's language."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

from markdown_it import MarkdownIt

from deckgen.commonmark import escape_block, escape_line
from deckgen.diff.compare import Diff, NoteChange
from deckgen.diff.summary import title, type_words
from deckgen.package.contents import Package
from deckgen.project import Project
from deckgen.release.names import package_name, retired_tag
from deckgen.translations import TRANSLATIONS, Translation

_TITLE = "# Changelog\n"
_UNRELEASED = re.compile(r"\[?unreleased", re.I)


def changelog_section(project: Project, time: int, diff: Diff | None, package: Package) -> str:
    """The section of the project's version, released at `time` (Unix time; its day is that of UTC). `diff` is None for a first release."""
    words = TRANSLATIONS[project.language]
    head = f"## {project.version} ({datetime.fromtimestamp(time, UTC):%Y-%m-%d})"
    if diff is None:
        cards = sum(len(note.cards) for note in package.notes)
        return f"{head}\n\n{words.first.format(notes=len(package.notes), cards=cards)}\n"
    parts = [*_lists(diff, words), *([_cleanup(project, words)] if diff.removed else [])]
    return "\n\n".join([head, *(parts or [words.nothing])]) + "\n"


def with_section(changelog: str, version: str, text: str) -> str:
    """The changelog with the section above those of other versions. One of this version that is there already stays as its author wrote it."""
    if section_of(changelog, version):
        return changelog
    lines = (changelog or _TITLE).splitlines(keepends=True)
    at = next((start for title, start in _sections(changelog) if not _UNRELEASED.match(title)), len(lines))
    above, below = "".join(lines[:at]).rstrip("\n"), "".join(lines[at:])
    return "\n\n".join(part for part in (above, text.rstrip("\n"), below.rstrip("\n")) if part) + "\n"


def section_of(changelog: str, version: str) -> str:
    """The section of a version; empty where there is none."""
    lines, sections = changelog.splitlines(keepends=True), [*_sections(changelog), ("", None)]
    ours = re.compile(rf"\[?v?{re.escape(version)}(?![\w.-])")
    found = next(((start, end) for (title, start), (_, end) in pairwise(sections) if ours.match(title)), None)
    return "".join(lines[found[0] : found[1]]).rstrip("\n") + "\n" if found else ""


def _sections(changelog: str) -> list[tuple[str, int]]:
    """The headings of the second level, and the 0-based lines on which they begin."""
    tokens = MarkdownIt("commonmark").parse(changelog)
    return [
        (title.content, heading.map[0])
        for heading, title in pairwise(tokens)
        if (heading.type, heading.tag, heading.level) == ("heading_open", "h2", 0) and heading.map
    ]


def _lists(diff: Diff, words: Translation) -> Iterator[str]:
    yield from _list(words.added, map(title, diff.added))
    yield from _list(words.changed, map(_change, diff.changed))
    yield from _list(words.removed, map(title, diff.removed))
    yield from _list(words.notetypes, (f"{change.name}: {type_words(change)}" for change in diff.types))


def _list(head: str, items: Iterable[str]) -> Iterator[str]:
    rows = [f"- {escape_block(item)}" for item in items]
    if rows:
        yield "\n".join([f"### {head} ({len(rows)})", "", *rows])


def _change(change: NoteChange) -> str:
    """The note and the fields that differ."""
    what = [field.name for field in change.fields] + (["Tags"] if change.tags_added or change.tags_removed else [])
    return f"{title(change.new)} ({', '.join(what)})" if what else title(change.new)


def _cleanup(project: Project, words: Translation) -> str:
    return words.cleanup.format(package=f"`{package_name(project, '-cleanup')}`", tag=escape_line(retired_tag(project)))
