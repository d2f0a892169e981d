"""What the page of a diff shows of a note: facts, tags, cards and fields."""

import hashlib
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from deckgen.cards.formulas import formulas_to_mathml
from deckgen.diff.compare import NoteChange
from deckgen.diff.sides import CardPair, card_pairs
from deckgen.diff.summary import title
from deckgen.diff.words import Change, WordRun, compare_words
from deckgen.package.contents import PackedNote


class SideView(Struct, frozen=True):
    """One side of a card: its HTML and CSS, the 0-based ordinal of the card, and the package ("old" or "new")."""

    package: str
    label: str
    css: str
    ordinal: int
    html: str

    @property
    def style(self) -> str:
        """The key of the CSS in the page."""
        return _css_digest(self.css)

    @property
    def html_with_mathml(self) -> str:
        """The HTML for a page without MathJax."""
        return formulas_to_mathml(self.html)


class CardView(Struct, frozen=True):
    """A card as rows of sides. A row holds the old and the new side, or question and answer of one package."""

    rows: tuple[tuple[SideView, ...], ...]


class FieldView(Struct, frozen=True):
    """A field: its name, and its HTML as runs of words."""

    name: str
    runs: tuple[WordRun, ...]


class NoteView(Struct, frozen=True):
    """A note of the page. `tags` are those of a note that only one package has. `is_newer`: Anki would take the change."""

    guid: str
    title: str
    facts: tuple[str, ...]
    cards: tuple[CardView, ...]
    fields: tuple[FieldView, ...]
    tags: tuple[str, ...] = ()
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    is_newer: bool = True

    @property
    def sides(self) -> Iterator[SideView]:
        """The sides of all cards."""
        return (side for card in self.cards for row in card.rows for side in row)


def changed_note(change: NoteChange) -> NoteView:
    """Return the view of a note that both packages have."""
    return NoteView(
        change.new.guid,
        title(change.new),
        _facts(change.new),
        _cards(change.old, change.new),
        tuple(FieldView(field.name, compare_words(field.old or "", field.new or "")) for field in change.fields),
        tags_added=change.tags_added,
        tags_removed=change.tags_removed,
        is_newer=change.is_newer,
    )


def added_note(note: PackedNote) -> NoteView:
    """Return the view of a note that only the new package has."""
    return _single_note(note, _cards(None, note))


def removed_note(note: PackedNote) -> NoteView:
    """Return the view of a note that only the old package has."""
    return _single_note(note, _cards(note, None))


def _single_note(note: PackedNote, cards: tuple[CardView, ...]) -> NoteView:
    fields = tuple(FieldView(name, (WordRun(Change.SAME, (html,)),)) for name, html in note.named().items() if html)
    return NoteView(note.guid, title(note), _facts(note), cards, fields, tags=note.tags)


def _facts(note: PackedNote) -> tuple[str, ...]:
    return note.notetype.name, ", ".join(note.decks), note.guid


def _cards(old: PackedNote | None, new: PackedNote | None) -> tuple[CardView, ...]:
    return tuple(_card(pair, old, new) for pair in card_pairs(old, new))


def _card(pair: CardPair, old: PackedNote | None, new: PackedNote | None) -> CardView:
    """Return a card. Of a card that both packages have, each side is a row, and an equal question is left out."""
    rows = [
        tuple(
            SideView(package, f"{package}, {pair.name}: {word}", note.notetype.css, pair.ordinal, sides[n])
            for sides, package, note in ((pair.old, "old", old), (pair.new, "new", new))
            if sides and note
        )
        for n, word in enumerate(("question", "answer"))
        if not (n == 0 and pair.same_question)
    ]
    return CardView(tuple(rows) if pair.old and pair.new else (tuple(side for row in rows for side in row),))


@cache
def _css_digest(css: str) -> str:
    return hashlib.sha256(css.encode()).hexdigest()[:12]
