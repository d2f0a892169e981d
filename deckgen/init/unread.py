"""Files that cannot be read as notes when a deck begins. Templates are excluded from the deck. The others are reported."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.parse.document import read_text
from deckgen.parse.file_report import file_pattern
from deckgen.problems import DeckError, Problem, Severity

# A placeholder of Obsidian's templates or of Templater, in the front matter.
_PLACEHOLDER = re.compile(r"\A---[ \t]*\n(?:(?!---).*\n)*?.*(?:\{\{.*?\}\}|<%.*?%>)")


@dataclass(frozen=True, slots=True)
class UnreadFile:
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


def template_patterns(files: Iterable[UnreadFile]) -> list[str]:
    """Return the patterns of the templates. Broken notes are not excluded: the next build reports them again."""
    return [file.pattern for file in files if file.template]


def toml_list(texts: Sequence[str]) -> str:
    """Return texts as an array of TOML on one line."""
    return f"[{', '.join(json.dumps(text, ensure_ascii=False) for text in texts)}]"
