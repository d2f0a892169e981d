"""Files that cannot be read as notes when a deck begins: templates are left out of it, the others are told."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.parse.document import read_text
from deckgen.parse.file_report import file_pattern
from deckgen.problems import DeckError, Problem, Severity

# What Obsidian's templates and Templater fill in later.
_PLACEHOLDER = re.compile(r"\A---[ \t]*\n(?:(?!---).*\n)*?.*(?:\{\{.*?\}\}|<%.*?%>)")


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, with `pattern` for `exclude`, that cannot be read. A template is one whose front matter holds placeholders."""

    pattern: str
    problems: tuple[Problem, ...]
    template: bool


def unread(path: Path, key: str, error: DeckError) -> Unread:
    """Why a file, whose path in the deck is `key`, cannot be read: as warnings that say what becomes of it."""
    pattern = file_pattern(key)
    template = error.problems[0].code == "front-matter" and bool(_PLACEHOLDER.match(read_text(path)))
    advice = (
        "a template: exclude in deck.toml leaves it out"
        if template
        else f"correct it, or leave it out: exclude = {_list([pattern])} in deck.toml"
    )
    problems = (
        replace(problem, severity=Severity.WARNING, hint="; ".join(filter(None, (problem.hint, advice))))
        for problem in error.problems
    )
    return Unread(pattern, tuple(problems), template)


def exclusions(found: Sequence[Unread]) -> str:
    """The lines of a new deck.toml for them. Broken notes are not left out for good: the next build tells them again."""
    templates = [each.pattern for each in found if each.template]
    return f"# Templates, which are no notes.\nexclude = {_list(templates)}\n" if templates else ""


def _list(patterns: Sequence[str]) -> str:
    return f"[{', '.join(json.dumps(pattern, ensure_ascii=False) for pattern in patterns)}]"
