"""The changelog of a deck, in Markdown: the section of a release, in the deck's language."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

from markdown_it import MarkdownIt

from deckgen.commonmark import escape_block, escape_line
from deckgen.diff.compare import Diff, NoteChange
from deckgen.diff.summary import title, type_words
from deckgen.lazy_patterns import lazy_pattern
from deckgen.package.contents import Package
from deckgen.project import Project
from deckgen.release.names import package_name, retired_tag
from deckgen.translations import TRANSLATIONS, Translation

_TITLE = "# Changelog\n"
_UNRELEASED = lazy_pattern(r"\[?unreleased", re.I)


def changelog_section(project: Project, time: int, diff: Diff | None, package: Package) -> str:
    """The section of the project's version. `time` is the time of the release in seconds (Unix time); the section has its day in UTC.

    `diff` compares the last release with this one; None for the first release.
    """
    words = TRANSLATIONS[project.language]
    head = f"## {project.version} ({datetime.fromtimestamp(time, UTC):%Y-%m-%d})"
    if diff is None:
        cards = sum(len(note.cards) for note in package.notes)
        return f"{head}\n\n{words.first.format(notes=len(package.notes), cards=cards)}\n"
    parts = [*_lists(diff, words), *([_cleanup(project, words)] if diff.removed else [])]
    return "\n\n".join([head, *(parts or [words.nothing])]) + "\n"


def with_section(changelog: str, version: str, text: str) -> str:
    """The changelog with a section of a version added above the other versions. `text` is the section.

    If the changelog has a section of this version, it is not changed: the author may have edited it.
    """
    if section_of(changelog, version):
        return changelog
    lines = (changelog or _TITLE).splitlines(keepends=True)
    at = next((start for title, start in _sections(changelog) if not _UNRELEASED.match(title)), len(lines))
    above, below = "".join(lines[:at]).rstrip("\n"), "".join(lines[at:])
    return "\n\n".join(part for part in (above, text.rstrip("\n"), below.rstrip("\n")) if part) + "\n"


def section_of(changelog: str, version: str) -> str:
    """The section of a version; "" if there is none."""
    lines, sections = changelog.splitlines(keepends=True), [*_sections(changelog), ("", None)]
    wanted = re.compile(rf"\[?v?{re.escape(version)}(?![\w.-])")
    found = next(((start, end) for (title, start), (_, end) in pairwise(sections) if wanted.match(title)), None)
    return "".join(lines[found[0] : found[1]]).rstrip("\n") + "\n" if found else ""


def _sections(changelog: str) -> list[tuple[str, int]]:
    """The headings of level 2, each with the 0-based line on which it begins."""
    tokens = MarkdownIt("commonmark").parse(changelog)
    return [
        (title.content, heading.map[0])
        for heading, title in pairwise(tokens)
        if (heading.type, heading.tag, heading.level) == ("heading_open", "h2", 0) and heading.map
    ]


def _lists(diff: Diff, words: Translation) -> Iterator[str]:
    """Yield a list for each kind of change that the release has."""
    yield from _list(words.added, map(title, diff.added))
    yield from _list(words.changed, map(_change, diff.changed))
    yield from _list(words.removed, map(title, diff.removed))
    yield from _list(words.notetypes, (f"{change.name}: {type_words(change)}" for change in diff.types))


def _list(head: str, items: Iterable[str]) -> Iterator[str]:
    rows = [f"- {escape_block(item)}" for item in items]
    if rows:
        yield "\n".join([f"### {head} ({len(rows)})", "", *rows])


def _change(change: NoteChange) -> str:
    """The title of a note, and the names of the fields that differ."""
    names = [field.name for field in change.fields] + (["Tags"] if change.tags_added or change.tags_removed else [])
    return f"{title(change.new)} ({', '.join(names)})" if names else title(change.new)


def _cleanup(project: Project, words: Translation) -> str:
    return words.cleanup.format(package=f"`{package_name(project, '-cleanup')}`", tag=escape_line(retired_tag(project)))
