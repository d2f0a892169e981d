"""Read the table of problem codes. `deckgen explain` and docs/problems.md are made from it.

The table is in the TOML files of this folder, one file for each area. The key of an entry is its code. Entries are sorted by code.
For a new code, add an entry to the file of its area, then run `make problems`. Only the command `explain` reads the table.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from deckgen.problems import Severity

AREAS = ("notes", "formulas", "media", "figures", "decks", "packages", "releases", "anki", "pull")
"""The names of the files, in the order in which their areas are shown."""
NOTES = "notes.md"
"""The file of an example, unless the example names another one."""


class Example(Struct, frozen=True):
    """An example: `input` has the problem, and `fixed` is the same text without the problem.

    `file` is the path of the file with these texts. `deck` are lines that the example needs in deck.toml. `files` maps the paths of
    further files to their texts. The text "" means that only the existence of the file matters.
    """

    input: str
    fixed: str
    file: str = NOTES
    deck: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


class Entry(Struct, frozen=True):
    """One code, with the severities that its problems can have. `title`, `meaning` and `fix` (what to do) are Markdown."""

    code: str
    severities: tuple[Severity, ...]
    title: str
    meaning: str
    fix: str
    example: Example | None


class Area(Struct, frozen=True):
    """The entries of one TOML file. `files` maps paths to texts of files that all its examples need."""

    title: str
    entries: tuple[Entry, ...]
    files: Mapping[str, str]


@cache
def areas() -> tuple[Area, ...]:
    """The whole table."""
    return tuple(_area(tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))) for name in AREAS)


def find(code: str) -> tuple[Area, Entry] | None:
    """The area and the entry of a code; None if no problem has the code."""
    return next(((area, entry) for area in areas() for entry in area.entries if entry.code == code), None)


def nearest(code: str) -> list[str]:
    """Up to three codes with a similar spelling, the most similar first."""
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
