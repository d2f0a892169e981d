"""The data that the packages share: note types, notes, rendered notes, media. Imports no module of deckgen."""

from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field


class Field(Struct, frozen=True):
    """A field of a note type. `role` says what fills it; the roles are in `notetypes/fields.py`.

    A paragraph of the answer that begins with one of the `labels` and a colon fills the field. `settings` are those of Anki's editor,
    by the keys that Anki uses in its JSON.
    """

    name: str
    role: str
    labels: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)


class CardTemplate(Struct, frozen=True):
    """A template of a note type. `front` and `back` are Anki's question and answer formats. `settings` are as those of a field."""

    name: str
    front: str
    back: str
    settings: Mapping[str, object] = field(default_factory=dict)


class TypeIds(Struct, frozen=True):
    """The ids of a note type in packages. Its fields and templates have an id for each name; 0 if they have no id, as before Anki 2.1.67."""

    notetype: int
    fields: Mapping[str, int]
    templates: Mapping[str, int]


class NoteType(Struct, frozen=True):
    """A note type as data. `kind` is the name of its folder and of its row in the lock. `label` is a part of its name in Anki.

    With `cloze` it is a cloze type of Anki: it has one template, and a card for each cloze number. `css` is the CSS of its
    cards. `stock_kind` is the number of Anki's native note type that Anki takes this one for, or 0. The first `stock_fields`
    fields are then those of the native type. `sort_field` is the index of the field that Anki's browser shows and sorts by.
    `ids` come from the lock. They are None if they are computed from the deck's id and the names.

    An `imported` type was made elsewhere: its `label` is its whole name in Anki, `css` is all of its CSS, and each field is filled by the
    text below its label. `settings` are those of Anki, by the keys of its JSON, and `media` are the files that its templates and CSS use.
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
    imported: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)
    media: tuple["Media", ...] = ()

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the package."""
        return tuple(each.name for each in self.fields)

    @property
    def occludes(self) -> bool:
        """Whether its cards come from the masks of a picture."""
        return self.has("masks")

    @property
    def asks_clozes(self) -> bool:
        """Whether its cards come from the clozes in the answer."""
        return self.cloze and not self.occludes

    def has(self, role: str) -> bool:
        """Whether a field has the role."""
        return any(each.role == role for each in self.fields)

    def field(self, role: str) -> str:
        """Return the name of the first field with a role. Raises LookupError if no field has the role."""
        names = [each.name for each in self.fields if each.role == role]
        if not names:
            raise LookupError(f"the note type {self.kind} has no field for {role}")
        return names[0]

    def name(self, deck: str) -> str:
        """Return the name in a collection. The name of the deck makes it different from all other note types."""
        return self.label if self.imported else f"{deck} ({self.label})"


class Text(Struct, frozen=True):
    """Markdown source and its place in the file.

    `line` and `column` (both 1-based) are the place of its first character. The parser removed `indent` characters of
    container indentation from every later line. Columns in the file count them. `shifts` are pairs of an offset in the source and a
    number of columns: from that offset to the end of its line, the file has so many more (or fewer) characters. Each line of
    the source is a line of the file; a line that is left out is empty.
    """

    source: str
    line: int
    column: int = 1
    indent: int = 0
    shifts: tuple[tuple[int, int], ...] = ()

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column (both 1-based) in the file of the character at `offset` of the source."""
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
        shifts = deque(sorted(self.shifts))
        for number, row in enumerate(self.source.split("\n"), self.line):
            end = start + len(row)
            column = self.indent + 1 if start else self.column
            left = start
            while shifts and shifts[0][0] <= end:
                at, columns = shifts.popleft()
                if at > left:
                    yield left, number, column + left - start, self.source[left:at]
                    left = at
                column += columns
            if end > left:
                yield left, number, column + left - start, self.source[left:end]
            start = end + 1


class Note(Struct, frozen=True):
    """One question and its answer as the author wrote them.

    `file` is the path as problems show it. `key` is the path inside the deck (with `/`), which the lock records.
    `dialect` is the dialect of the file. `detected` says that deckgen detected it and the author did not name it.
    `kind` is the name of its note type. `labelled` are paragraphs that were moved from the answer to a field, each with the
    name of the field. `definitions` are link targets, footnotes and abbreviations of other parts of the file that the answer
    refers to. `link_targets` are the link targets of the file that the other texts and the section refer to. `given` are the texts
    that are on the front with the question, in the order of the file: code, options, the text that several questions share. A `statement` is a cloze note without a question: its `question` is its name in lists and messages,
    and is in no field. `highlight_clozes` says that `==text==` in the answer is a cloze.
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
    link_targets: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()
    detected: bool = False
    labelled: tuple[tuple[str, Text], ...] = ()
    given: tuple[Text, ...] = ()
    statement: bool = False
    highlight_clozes: bool = False

    @property
    def line(self) -> int:
        """The line (1-based) of the question."""
        return self.question.line

    @property
    def body(self) -> tuple[Text, ...]:
        """The texts of the note without the question: what is given, the answer and the labelled paragraphs."""
        return (*self.given, self.answer, *(text for _, text in self.labelled))


class Part(Struct, frozen=True):
    """A named part of a picture, and the rectangle that covers it.

    The four numbers are fractions (0 to 1) of the picture's width and height. `left` and `top` count from the upper left
    corner. Parts with the same `group` share a card.
    """

    name: str
    group: str | None
    left: float
    top: float
    width: float
    height: float

    @property
    def card(self) -> str:
        """The name of the card that asks for the part: the group, if there is one, or else the name."""
        return self.group or self.name


class Media(Struct, frozen=True):
    """A media file of the package: the name that fields use, and the path of its bytes.

    `alt` describes a picture if the note has no description of it. `parts` are the named parts of a figure. `figure` says
    that the picture is a figure. `width` is the width in pixels at which a card shows it, 0 if that is not known.
    """

    name: str
    path: Path
    alt: str = ""
    parts: tuple[Part, ...] = ()
    figure: bool = False
    width: int = 0


class RenderedNote(Struct, frozen=True):
    """A note with its fields: field name → HTML, in the order of its note type.

    `notetype` is the note type that `note.kind` names. `parts` are the named parts of the picture of an image-occlusion note.
    """

    note: Note
    notetype: NoteType
    fields: Mapping[str, str]
    media: tuple[Media, ...] = ()
    parts: tuple[Part, ...] = ()

    def shown(self, role: str) -> str:
        """Return the HTML of the field with a role, or "" if the note type has no such field."""
        return self.fields[self.notetype.field(role)] if self.notetype.has(role) else ""
