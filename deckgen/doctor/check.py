"""The result of one check of the machine."""

from enum import StrEnum
from pathlib import Path

from msgspec import Struct


class State(StrEnum):
    """`ok`: found. `missing`: not found, and only some commands need it. `wrong`: deckgen does not work as it should."""

    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"


class Check(Struct, frozen=True):
    """One line of the report.

    `found` is a version, a path or a text. `purpose` says what needs it. `remedy` is the command or the step that corrects it, "" if
    nothing has to be done.
    """

    name: str
    state: State
    found: str
    purpose: str
    remedy: str = ""


def shown_path(path: str | Path) -> str:
    """Return a path without the name of the user, so that a report can be published."""
    home, text = str(Path.home()), str(path)
    return f"~{text[len(home) :]}" if Path(text).is_relative_to(home) and home != "/" else text
