"""The note types: fields, templates and look, with ids that never change from the first release on.

Anki updates notes in place only where the note type's id, its list of fields and its list of templates are those it
knows. So the tables below may grow neither rows nor columns: the spare fields are there to be named later.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deckgen.model import Kind, Media

_HERE = Path(__file__).parent
# Anki keeps files whose names begin with _ although no note names them, and never overwrites one: hence the version.
MATH_FONT = Media("_latinmodern-math-1.959.woff2", _HERE / "math" / "latinmodern-math-1.959.woff2")


@dataclass(frozen=True, slots=True)
class Template:
    """One card of a note type. `front` and `back` are Anki's question and answer formats."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """`label` goes into the name that Anki shows; `fields` are in the order of the package.

    `stock_kind` is the number of the native note type that Anki's editor and engine take this one for, 0 for none; the
    first `stock_fields` are then its own. `sort_field` is the index of the field that Anki's browser shows and sorts by.
    """

    kind: Kind
    label: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    css: str
    stock_kind: int = 0
    stock_fields: int = 0
    sort_field: int = 0

    def name(self, deck: str) -> str:
        """The note type's name in a collection: the deck's, so that it is never that of another note type."""
        return f"{deck} ({self.label})"

    def digest(self) -> str:
        """What changes when templates or CSS do, as 16 hex digits."""
        text = "\x1f".join([*self.fields, *(s for t in self.templates for s in (t.name, t.front, t.back)), self.css])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


_FIELDS = {
    Kind.BASIC: ("Front", "Back", "Reverse", "Typed", "Source", "Status", "Section", "Id", "Spare1", "Spare2"),
    Kind.CLOZE: ("Title", "Text", "Source", "Status", "Section", "Id", "Spare1", "Spare2"),
    Kind.OCCLUSION: (
        "Occlusion",
        "Image",
        "Header",
        "Back Extra",
        "Comments",
        "Source",
        "Status",
        "Section",
        "Id",
        "Spare1",
        "Spare2",
    ),
}
_LABELS = {Kind.BASIC: "Q&A", Kind.CLOZE: "Cloze", Kind.OCCLUSION: "Image occlusion"}
# Kind → folder, and a row a template: name, front, back.
_TEMPLATES = {
    Kind.BASIC: ("qa", (("Question", "front", "back"), ("Reversed", "reverse_front", "reverse_back"))),
    Kind.CLOZE: ("cloze", (("Cloze", "front", "back"),)),
    Kind.OCCLUSION: ("occlusion", (("Image Occlusion", "front", "back"),)),
}
_CSS = {Kind.BASIC: ("card.css",), Kind.CLOZE: ("card.css",), Kind.OCCLUSION: ("card.css", "occlusion/occlusion.css")}
# `StockNotetype.OriginalStockKind.IMAGE_OCCLUSION` of Anki's protocol, its five fields, and the header to sort by.
_STOCK = {Kind.OCCLUSION: {"stock_kind": 6, "stock_fields": 5, "sort_field": 2}}


def fields_of(kind: Kind) -> tuple[str, ...]:
    """The names of a kind's fields, in their order."""
    return _FIELDS[kind]


@cache
def note_type(kind: Kind, mathml: bool = False) -> NoteType:
    """The note type of a kind; where its formulas are MathML, its CSS names the font for them."""
    folder, rows = _TEMPLATES[kind]
    templates = tuple(
        Template(name, _read(f"{folder}/{front}.html"), _read(f"{folder}/{back}.html")) for name, front, back in rows
    )
    css = "".join(map(_read, _CSS[kind])) + (_read("math/math.css") if mathml else "")
    return NoteType(kind, _LABELS[kind], _FIELDS[kind], templates, css, **_STOCK.get(kind, {}))


def stable_id(*parts: str) -> int:
    """A positive number below 2**53 from texts: the same for ever, as the ids of note types, fields and decks are.

    Below 2**53 it survives JavaScript's numbers; 2**30 and more keeps clear of the small ids that Anki reserves, and
    as a time in milliseconds it stays in the past (before the year 2004).
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return 2**30 + int.from_bytes(digest[:8], "big") % 2**40


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")
