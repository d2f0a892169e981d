"""Problems: what is wrong, where, and what to do about it. Collected, sorted, reported together."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One message at a place. `line` and `column` are 1-based; both are 0 where the file as a whole is meant."""

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.severity}: {self.message_with_hint}"

    @property
    def message_with_hint(self) -> str:
        """The message, with the hint and the code behind its first line. Lines of code may follow below it."""
        first, *rest = self.message.split("\n")
        hint = f" ({self.hint})" if self.hint else ""
        return "\n".join([f"{first}{hint} [{self.code}]", *rest])


class DeckError(Exception):
    """What stops a command: one or more problems, to be shown to the user as they are."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def at(cls, file: str, message: str, *, code: str, line: int = 0, column: int = 1, hint: str = "") -> "DeckError":
        """An error of a single problem."""
        return cls([Problem(file, line, column if line else 0, Severity.ERROR, code, message, hint)])


class FigureError(Exception):
    """Why a figure reference gives no picture. The renderer, which knows the place, makes it a problem there.

    `parameter` is the one that is at fault, where it is one.
    """

    def __init__(self, message: str, *, code: str, hint: str = "", parameter: str = ""):
        super().__init__(message)
        self.code = code
        self.hint = hint
        self.parameter = parameter
