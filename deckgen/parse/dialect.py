"""What a dialect is: a way of writing questions and answers, and how a file shows that it is written in it."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from deckgen.parse.document import Document
from deckgen.parse.question import Markup, RawNote
from deckgen.problems import Problem

Found = RawNote | Markup | Problem
"""What reading a file yields: notes, lines that only mark them, and what is wrong."""


class Detection(Struct, frozen=True):
    """What of a document is written in a dialect.

    `strength` counts the lines that only this dialect explains: a heading that asks is one, a heading with a block that is opened and closed below it
    is three. So strengths of different dialects can be compared. `reason` says in words what was counted. `lacks` says what is
    missing for the file to be read as this dialect, "" if nothing is. `weak` is a detection by numbers alone, which the text of any article has too:
    it counts only where no other dialect is found. `marked` says that every note has a mark that no other text has: such notes are also read
    where the file's dialect leaves them out. `opted` says that a tag of the file asks for a dialect that is otherwise only read where it is named.
    `tagged` says that a tag of the file, or a date of a review, makes cards of all dialects of one tool: they are read together.
    """

    strength: int = 0
    reason: str = ""
    lacks: str = ""
    weak: bool = False
    marked: bool = False
    opted: bool = False
    tagged: bool = False

    @property
    def enough(self) -> bool:
        """Whether the file may be read as the dialect."""
        return bool(self.strength) and not self.lacks


class Dialect(Struct, frozen=True):
    """`looks` describes the dialect in a hint. `detect` says what of a document is written in it.

    `read_notes` yields the notes, the lines that only mark them, and problems for notes that are not complete. A file is recognised as this dialect
    from `fewest` questions on. A dialect that is `named_only` is used only where front matter or deck.toml names it.
    `sign` has a match in each file of which `detect` sees something. None: there is no such sign.
    """

    name: str
    looks: str
    detect: Callable[[Document], Detection]
    read_notes: Callable[[Document], Iterator[Found]]
    fewest: int = 1
    named_only: bool = False
    sign: re.Pattern[str] | None = None

    def has_sign(self, source: str) -> bool:
        """Whether something of the dialect may be in a source. `source` begins with a line break, so that each line has one before it."""
        return self.sign is None or self.sign.search(source) is not None


def line_start(pattern: str) -> re.Pattern[str]:
    """Return a pattern for the beginning of a line, with the line break before it. It is much faster than `^`."""
    return re.compile(rf"\n(?:{pattern})")


def counted(number: int, thing: str, things: str = "") -> str:
    """A number with its noun: "1 block", "3 blocks"."""
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"


def detected(
    found: int, fewest: int, thing: str, *, lines: int = 1, things: str = "", weak: bool = False, marked: bool = False
) -> Detection:
    """The detection of a dialect of which `found` notes, of so many `lines` each that mark them, were seen, and which needs `fewest`."""
    if not found:
        return Detection()
    reason = counted(found, thing, things)
    lacks = f"it takes {fewest}" if found < fewest else ""
    return Detection(lines * found, reason, lacks, weak, marked)
