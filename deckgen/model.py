"""What travels between the parts: notes as read, notes as rendered, media. Imports nothing of ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a note type. `role` says what fills it; the roles are in `notetypes/fields.py`.

    A paragraph of the answer that begins with one of the `labels` and a colon fills the field.
    """

    name: str
    role: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardTemplate:
    """A template of a note type. `front` and `back` are Anki's question and answer formats."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class TypeIds:
    """The ids of a note type in packages, and those of its fields and templates by their names."""

    notetype: int
    fields: Mapping[str, int]
    templates: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type as data. `kind` is the name of its folder and of its row in the lock, `label` a part of its name in Anki.

    With `cloze` it is one of Anki's cloze types: a card for each number, and one template. `css` is the whole look.
    `stock_kind` is the number of the native note type that Anki's editor and engine take this one for, 0 for none; the
    first `stock_fields` are then its own. `sort_field` is the index of the field that Anki's browser shows and sorts by.
    `ids` are those that the lock has; None if they follow from the deck's id and the names.
    """

    kind: str
    label: str
    cloze: bool
    fields: tuple[Field, ...]
    templates: tuple[CardTemplate, ...]
    css: str
    stock_kind: int = 0
    stock_fields: int = 0
    sort_field: int = 0
    ids: TypeIds | None = None

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the package."""
        return tuple(each.name for each in self.fields)

    @property
    def occludes(self) -> bool:
        """Whether its cards come from the masks of a picture, and not from clozes in the answer."""
        return self.has("masks")

    @property
    def asks_clozes(self) -> bool:
        """Whether its cards come from the clozes in the answer."""
        return self.cloze and not self.occludes

    def has(self, role: str) -> bool:
        """Whether a field has the role."""
        return any(each.role == role for each in self.fields)

    def field(self, role: str) -> str:
        """The name of the first field with a role. Raises LookupError if no field has it."""
        names = [each.name for each in self.fields if each.role == role]
        if not names:
            raise LookupError(f"the note type {self.kind} has no field for {role}")
        return names[0]

    def name(self, deck: str) -> str:
        """The note type's name in a collection: the deck's, so that it is never that of another note type."""
        return f"{deck} ({self.label})"


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown source, and where in its file it stands.

    `line` is the 1-based line of its first character, `column` the 1-based column of that character; every later
    line had `indent` characters of container indentation taken away, which count for columns. `shifts` are pairs of an offset
    in the source and a number of columns: from that offset to the end of its line, the file has so many more (or fewer) characters.
    Line breaks are those of the file; a line that the source leaves out is an empty one.
    """

    source: str
    line: int
    column: int = 1
    indent: int = 0
    shifts: tuple[tuple[int, int], ...] = ()

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column in the file of the character at `offset` of the source."""
        before = self.source[:offset]
        newlines = before.count("\n")
        start = before.rfind("\n") + 1
        shifted = sum(columns for at, columns in self.shifts if start <= at <= offset)
        if not newlines:
            return self.line, self.column + offset + shifted
        return self.line + newlines, self.indent + offset - start + 1 + shifted

    @property
    def lines(self) -> Iterator[int]:
        """The 1-based numbers of the file's lines that the source shows something of."""
        return (number for number, line in enumerate(self.source.split("\n"), self.line) if line.strip())

    def pieces(self) -> Iterator[tuple[int, int, int, str]]:
        """The source in pieces that stand in the file as they are: the offset, the line and the column of each, and the piece."""
        start = 0
        for number, row in enumerate(self.source.split("\n"), self.line):
            shifts = sorted(each for each in self.shifts if start <= each[0] <= start + len(row))
            cuts = sorted({start, *(at for at, _ in shifts), start + len(row)})
            first = self.indent + 1 if start else self.column
            for left, right in zip(cuts, cuts[1:]):
                moved = sum(columns for at, columns in shifts if at <= left)
                yield left, number, first + left - start + moved, self.source[left:right]
            start += len(row) + 1


@dataclass(frozen=True, slots=True)
class Note:
    """One question and its answer as the author wrote them.

    `file` is the path as problems show it, `key` the path inside the deck (with `/`), which the lock records.
    `dialect` is the one that the file was read as, `detected` whether it was found out and not named by the author.
    `kind` is the name of its note type.
    `labelled` are the paragraphs that left the answer for a field, each with the field's name.
    `definitions` are the link targets, footnotes and abbreviations that the answer refers to and that stand elsewhere.
    `given` are the texts that stand on the front with the question, in the order of the file: code, options, what several questions share.
    A `statement` is a cloze note that asks nothing but its clozes: its `question` only names it in lists and messages, and is in no field.
    `highlight_clozes` says that `==text==` in the answer is a cloze.
    """

    file: str
    key: str
    kind: str
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
    labelled: tuple[tuple[str, Text], ...] = ()
    given: tuple[Text, ...] = ()
    statement: bool = False
    highlight_clozes: bool = False

    @property
    def line(self) -> int:
        return self.question.line

    @property
    def body(self) -> tuple[Text, ...]:
        """The texts of the note beside the question: what is given with it, the answer, and the paragraphs that left it."""
        return (*self.given, self.answer, *(text for _, text in self.labelled))


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
    `figure` says that code of the deck drew it. `width` is the width in pixels at which a card shows it, 0 if that is not known.
    """

    name: str
    path: Path
    alt: str = ""
    parts: tuple[Part, ...] = ()
    figure: bool = False
    width: int = 0


@dataclass(frozen=True, slots=True)
class RenderedNote:
    """A note as its fields hold it: field name to HTML, in the order of its note type.

    `notetype` is the note type that `note.kind` names. Of an image-occlusion note, `parts` are what its picture names.
    """

    note: Note
    notetype: NoteType
    fields: Mapping[str, str]
    media: tuple[Media, ...] = field(default=())
    parts: tuple[Part, ...] = ()

    def shown(self, role: str) -> str:
        """The HTML of the field with a role; "" if the note type has no such field."""
        return self.fields[self.notetype.field(role)] if self.notetype.has(role) else ""
