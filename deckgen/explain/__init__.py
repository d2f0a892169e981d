"""What the codes of problems mean: one table, from which `deckgen explain` and docs/problems.md are made.

The table is the TOML files of this folder, one for each area. The key of an entry is its code, and entries are sorted by it. For a new
code: add an entry to the file of its area, then run `make problems`. No command but `explain` reads the table.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from deckgen.problems import Severity

AREAS = ("notes", "formulas", "media", "figures", "decks", "packages", "releases")
"""The files of the table, in the order in which areas are shown."""
NOTES = "notes.md"
"""The file that examples are the text of, unless they name another."""


@dataclass(frozen=True, slots=True)
class Example:
    """An input that has the problem, and how it is written without it.

    `file` is the file that `input` and `fixed` are the text of. `deck` are lines of the deck's deck.toml that the example needs. `files` are further
    files by their paths; one without a text is there for its name.
    """

    input: str
    fixed: str
    file: str = NOTES
    deck: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: the severities that its problems have, what they mean and what to do, as Markdown."""

    code: str
    severities: tuple[Severity, ...]
    title: str
    meaning: str
    fix: str
    example: Example | None


@dataclass(frozen=True, slots=True)
class Area:
    """Entries that belong together, in the order of the table. `files` belong to each of their examples."""

    title: str
    entries: tuple[Entry, ...]
    files: Mapping[str, str]


@cache
def areas() -> tuple[Area, ...]:
    """The whole table."""
    return tuple(_area(tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))) for name in AREAS)


def find(code: str) -> tuple[Area, Entry] | None:
    """The entry of a code and its area; None for a code that no problem has."""
    return next(((area, entry) for area in areas() for entry in area.entries if entry.code == code), None)


def nearest(code: str) -> list[str]:
    """Up to three codes that are written like this one, the nearest first."""
    from difflib import get_close_matches

    return get_close_matches(code, [entry.code for area in areas() for entry in area.entries])


def _area(table: dict[str, Any]) -> Area:
    title, files = table.pop("area"), table.pop("files", {})
    return Area(title, tuple(_entry(code, **values) for code, values in table.items()), files)


def _entry(
    code: str, *, severity: list[str], title: str, meaning: str, fix: str, example: dict[str, Any] | None = None
) -> Entry:
    return Entry(
        code,
        tuple(map(Severity, severity)),
        title,
        meaning.strip(),
        fix.strip(),
        Example(**example) if example else None,
    )
