"""What travels between the parts: notes as read, notes as rendered, media. Imports nothing of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """Which of the three note types a note becomes."""

    BASIC = "basic"
    CLOZE = "cloze"
    OCCLUSION = "occlusion"


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown source, and where in its file it stands.

    `line` is the 1-based line of its first character, `column` the 1-based column of that character; every later
    line had `indent` characters of container indentation taken away, which count for columns.
    """

    source: str
    line: int
    column: int = 1
    indent: int = 0

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column in the file of the character at `offset` of the source."""
        before = self.source[:offset]
        newlines = before.count("\n")
        if not newlines:
            return self.line, self.column + offset
        return self.line + newlines, self.indent + offset - before.rfind("\n")


@dataclass(frozen=True, slots=True)
class Note:
    """One question and its answer as the author wrote them.

    `file` is the path as problems show it, `key` the path inside the deck (with `/`), which the lock records.
    `dialect` is the one that the file was read as, `detected` whether it was found out and not named by the author.
    `definitions` are the link targets, footnotes and abbreviations that the answer refers to and that stand elsewhere.
    """

    file: str
    key: str
    kind: Kind
    dialect: str
    question: Text
    answer: Text
    section: tuple[str, ...] = ()
    id: str | None = None
    classes: frozenset[str] = frozenset()
    source: Text | None = None
    definitions: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()
    detected: bool = False

    @property
    def line(self) -> int:
        return self.question.line


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a picture, and the rectangle that covers it, as fractions of the picture's width and height.

    `left` and `top` count from the upper left corner.
    """

    name: str
    group: str | None
    left: float
    top: float
    width: float
    height: float

    @property
    def card(self) -> str:
        """The name of the card that asks for the part: parts of a group share one."""
        return self.group or self.name


@dataclass(frozen=True, slots=True)
class Media:
    """A file that goes into the package: the name that fields use for it, and where its bytes are now.

    `alt` describes a picture for an author who gave no words of their own, `parts` are what a figure names in it.
    `figure` says that code drew it.
    """

    name: str
    path: Path
    alt: str = ""
    parts: tuple[Part, ...] = ()
    figure: bool = False


@dataclass(frozen=True, slots=True)
class RenderedNote:
    """A note as its fields hold it: field name to HTML, in the order of its note type.

    Of an image-occlusion note, `parts` are what its picture names.
    """

    note: Note
    fields: Mapping[str, str]
    media: tuple[Media, ...] = field(default=())
    parts: tuple[Part, ...] = ()
