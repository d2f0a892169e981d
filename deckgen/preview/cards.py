"""The cards of a rendered note as HTML, and the row that the list of notes has for it."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from msgspec import Struct
from msgspec.structs import asdict

from deckgen.cards.sides import card_name, card_sides
from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, RenderedNote
from deckgen.notetypes.cards import card_ordinals

_TAG = lazy_pattern(r"<annotation.*?</annotation>|<[^>]*>", re.S)
_CLOZE = lazy_pattern(r"\{\{c[\d,]+::(.*?)(?:::[^{}]*)?\}\}", re.S)
_FORMULA = lazy_pattern(r"\\[(\[](.*?)\\[)\]]", re.S)
_SPACE = lazy_pattern(r"\s+")


class Card(Struct, frozen=True):
    """A card: its 0-based `ordinal`, the name of its template, and the HTML of both sides."""

    ordinal: int
    name: str
    front: str
    back: str


class NoteRow(Struct, frozen=True):
    """What the page's list knows of a note. `key` is its address, `text` is what a search looks through.

    `line` is the 1-based line of the question in `file`.
    """

    key: str
    file: str
    line: int
    kind: str
    question: str
    text: str
    deck: str
    tags: tuple[str, ...]
    cards: int

    def json(self) -> dict[str, object]:
        return asdict(self)


def cards_of(item: RenderedNote, deck: str) -> tuple[Card, ...]:
    """The cards of a note in Anki's order. `deck` is the name of the whole deck, which note types are named after."""
    return tuple(_card(item, deck, ordinal) for ordinal in card_ordinals(item.notetype, item.fields))


def row_of(item: RenderedNote, key: str) -> NoteRow:
    note = item.note
    texts = [plain(html) for html in item.fields.values()]
    return NoteRow(
        key,
        note.file,
        note.line,
        note.kind,
        plain(item.shown("question")) or plain(item.shown("answer")),
        " ".join(dict.fromkeys(text for text in texts if text)),
        note.deck,
        note.tags,
        len(card_ordinals(item.notetype, item.fields)),
    )


def keys_of(notes: Iterable[Note]) -> Iterator[str]:
    """An address for each note, which stays while its id, or its file and question, stay."""
    seen: dict[str, int] = {}
    for note in notes:
        key = note.id or hashlib.sha256(f"{note.key}\0{note.question.source}".encode()).hexdigest()[:12]
        seen[key] = seen.get(key, 0) + 1
        yield key if seen[key] == 1 else f"{key}-{seen[key]}"


def looks_of(items: Sequence[RenderedNote]) -> dict[str, str]:
    """The CSS of the note types, by the kinds of their notes."""
    return {item.note.kind: item.notetype.css for item in items}


def plain(html: str) -> str:
    """The text of a field on one line, formulas as TeX and clozes as their answers."""
    text = _TAG.sub(" ", _CLOZE.sub(r"\1", html)) if "<" in html or "{{c" in html else html
    return _SPACE.sub(" ", _FORMULA.sub(r"$\1$", unescape(text))).strip()


def _card(item: RenderedNote, deck: str, ordinal: int) -> Card:
    notetype, note = item.notetype, item.note
    template = notetype.templates[0 if notetype.cloze else ordinal]
    name = card_name([each.name for each in notetype.templates], ordinal, notetype.cloze)
    front, back = card_sides(
        template.front,
        template.back,
        item.fields,
        ordinal,
        name=name,
        notetype=notetype.name(deck),
        deck=note.deck,
        tags=note.tags,
    )
    return Card(ordinal, name, front, back)
