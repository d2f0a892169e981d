"""The cards of a note as HTML in both packages, with the words that differ marked."""

import re
from html import unescape

from msgspec import Struct

from deckgen.cards.sides import card_name, card_sides
from deckgen.diff.words import Change, compare_words, mark
from deckgen.lazy_patterns import lazy_pattern
from deckgen.package.contents import PackedCard, PackedNote

_SOURCE = lazy_pattern(r"""\bsrc\s*+=\s*+("[^"]*"|'[^']*'|[^\s>"']+)""", re.I)


class CardPair(Struct, frozen=True):
    """Question and answer of a card in each package. None if that package has no such card. `ordinal` is 0-based."""

    ordinal: int
    name: str
    old: tuple[str, str] | None
    new: tuple[str, str] | None

    @property
    def same_question(self) -> bool:
        """Whether both packages have the card with the same question."""
        return self.old is not None and self.new is not None and self.old[0] == self.new[0]


def card_pairs(old: PackedNote | None, new: PackedNote | None) -> list[CardPair]:
    """Return the cards that look different, with the differences marked.

    If only one package has the note, all its cards are returned.
    """
    known, before, after = new or old, _cards_by_ordinal(old), _cards_by_ordinal(new)
    if known is None:
        return []
    pairs = []
    for ordinal in sorted(before.keys() | after.keys()):
        name = _card_name(known, ordinal)
        was, now = before.get(ordinal), after.get(ordinal)
        if was and now:
            if was != now:
                marked = [_marked(a, b) for a, b in zip(was, now)]
                pairs.append(CardPair(ordinal, name, (marked[0][0], marked[1][0]), (marked[0][1], marked[1][1])))
        else:
            pairs.append(CardPair(ordinal, name, was, now))
    return pairs


def media_of(html: str) -> set[str]:
    """Return the names in the `src` attributes of an HTML text, and perhaps in text that looks like one.

    Python's HTML parser takes a time with the square of the length for tags that are never closed.
    """
    return {unescape(match[1].strip("\"'")) for match in _SOURCE.finditer(html)}


def _cards_by_ordinal(note: PackedNote | None) -> dict[int, tuple[str, str]]:
    return {card.ordinal: _question_and_answer(note, card) for card in note.cards} if note else {}


def _question_and_answer(note: PackedNote, card: PackedCard) -> tuple[str, str]:
    """Return the HTML of both sides of a card. A template that Anki cannot render gives an error message instead."""
    kind = note.notetype
    if not kind.cloze and card.ordinal >= len(kind.templates):
        wrong = f"<p>The note type has no template {card.ordinal + 1}.</p>"
        return wrong, wrong
    template = kind.template(card.ordinal)
    return card_sides(
        template.front,
        template.back,
        note.named(),
        card.ordinal,
        name=_card_name(note, card.ordinal),
        notetype=kind.name,
        deck=card.deck,
        tags=note.tags,
    )


def _card_name(note: PackedNote, ordinal: int) -> str:
    return card_name([template.name for template in note.notetype.templates], ordinal, note.notetype.cloze)


def _marked(old: str, new: str) -> tuple[str, str]:
    runs = compare_words(old, new)
    return mark(runs, Change.REMOVED), mark(runs, Change.ADDED)
