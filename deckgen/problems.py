"""Problems: what is wrong, where, and what to do. They are collected, sorted and reported together."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How bad a problem is. An error stops a build; with `--strict`, a warning does too."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Problem(Struct, frozen=True, order=True):
    """One message at a place. `line` and `column` are 1-based. Both are 0 if the message is about the whole file."""

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
        """The message. Its first line ends with the hint and the code. Lines of Python code may follow it."""
        first, *rest = self.message.split("\n")
        hint = f" ({self.hint})" if self.hint else ""
        return "\n".join([f"{first}{hint} [{self.code}]", *rest])


class DeckError(Exception):
    """An error that stops a command. It has one or more problems, which the user sees."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def at(cls, file: str, message: str, *, code: str, line: int = 0, column: int = 1, hint: str = "") -> "DeckError":
        """Return an error with one problem. `line` and `column` are 1-based; without `line` it is about the whole file."""
        return cls([Problem(file, line, column if line else 0, Severity.ERROR, code, message, hint)])


class FigureError(Exception):
    """The reason why a figure reference gives no picture. The renderer makes it a problem at the place of the reference.

    `parameter` is the name of the wrong parameter, or "".
    """

    def __init__(self, message: str, *, code: str, hint: str = "", parameter: str = ""):
        super().__init__(message)
        self.code = code
        self.hint = hint
        self.parameter = parameter
