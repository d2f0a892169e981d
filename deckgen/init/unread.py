"""Files that cannot be read as notes when a deck begins. Templates are excluded from the deck. The others are reported."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse import Parsed
from deckgen.parse.document import read_text
from deckgen.parse.file_report import FileReport, file_pattern
from deckgen.problems import DeckError, Problem, Severity

# A placeholder of Obsidian's templates or of Templater, in the front matter.
_PLACEHOLDER = lazy_pattern(r"\A---[ \t]*\n(?:(?!---).*\n)*?.*(?:\{\{.*?\}\}|<%.*?%>)")
_NAMED = 10  # patterns that a line of the terminal can show


class UnreadFile(Struct, frozen=True):
    """A file that cannot be read. `pattern` is its pattern for `exclude`. A template has placeholders in its front matter."""

    pattern: str
    problems: tuple[Problem, ...]
    template: bool


def unread_file(path: Path, key: str, error: DeckError) -> UnreadFile:
    """Return a file that cannot be read. `key` is its path in the deck. The errors become warnings that say what to do."""
    pattern = file_pattern(key)
    template = error.problems[0].code == "front-matter" and bool(_PLACEHOLDER.match(read_text(path)))
    advice = (
        "a template: exclude in deck.toml leaves it out"
        if template
        else f"correct it, or leave it out: exclude = {toml_list([pattern])} in deck.toml"
    )
    problems = (
        replace(problem, severity=Severity.WARNING, hint="; ".join(filter(None, (problem.hint, advice))))
        for problem in error.problems
    )
    return UnreadFile(pattern, tuple(problems), template)


def readable_template(path: Path, key: str, parsed: Parsed) -> UnreadFile | None:
    """Return a template whose front matter is correct YAML, such as `date: <% tp.date.now() %>`. None if the file is none, or has notes."""
    if parsed.notes or not _PLACEHOLDER.match(parsed.document.source):
        return None
    message, hint = "the front matter has a placeholder", "a template: exclude in deck.toml leaves it out"
    problem = Problem(str(path), 1, 1, Severity.WARNING, "front-matter", message, hint)
    return UnreadFile(file_pattern(key), (problem,), True)


def template_patterns(files: Iterable[UnreadFile]) -> list[str]:
    """Return the patterns of the templates. Broken notes are not excluded: the next build reports them again."""
    return [file.pattern for file in files if file.template]


def exclude_line(reports: Iterable[FileReport], unread: Sequence[UnreadFile]) -> str:
    """Return the line of deck.toml that leaves out the files without notes, in addition to the templates. "" if all files or none have notes.

    A folder is named if no file in it has notes or cannot be read. Drafts are left out already. A file of which another dialect would read several notes
    is not named, because it probably has notes.
    """
    reports = tuple(reports)
    empty = [each for each in reports if not each.notes and not each.why and all(c.notes < 2 for c in each.candidates)]
    kept = [each.pattern for each in reports if each not in empty]
    kept += [each.pattern for each in unread if not each.template]
    patterns = dict.fromkeys(_widest(each.pattern, kept) for each in empty)
    named = [*template_patterns(unread), *patterns]
    return f"exclude = {toml_list(named)}" if kept and 0 < len(patterns) <= _NAMED else ""


def _widest(pattern: str, kept: Sequence[str]) -> str:
    """Return the pattern of the highest folder of a file that has none of the kept files. Return the file's own pattern if there is none."""
    parts = pattern.strip("/").split("/")
    for end in range(1, len(parts)):
        folder = f"/{'/'.join(parts[:end])}/"
        if not any(f"/{each.strip('/')}".startswith(folder) for each in kept):
            return folder
    return pattern


def toml_list(texts: Sequence[str]) -> str:
    """Return texts as an array of TOML on one line."""
    return f"[{', '.join(json.dumps(text, ensure_ascii=False) for text in texts)}]"
