"""A note's cards as HTML, before and after, with their words marked."""

from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from deckgen.cards.parts import TemplateError
from deckgen.cards.template import render
from deckgen.diff.words import Change, compare_words, mark
from deckgen.package.contents import PackedCard, PackedNote


@dataclass(frozen=True, slots=True)
class CardPair:
    """Question and answer of a card on either side; None where that side has no such card."""

    ordinal: int
    name: str
    old: tuple[str, str] | None
    new: tuple[str, str] | None

    @property
    def same_question(self) -> bool:
        return self.old is not None and self.new is not None and self.old[0] == self.new[0]


def card_pairs(old: PackedNote | None, new: PackedNote | None) -> list[CardPair]:
    """The cards that differ to the eye, with what differs marked; all cards of a note that only one side has."""
    known, before, after = new or old, _sides(old), _sides(new)
    if known is None:
        return []
    pairs = []
    for ordinal in sorted(before.keys() | after.keys()):
        name = _name(known, ordinal)
        was, now = before.get(ordinal), after.get(ordinal)
        if was and now:
            if was != now:
                marked = [_marked(a, b) for a, b in zip(was, now)]
                pairs.append(CardPair(ordinal, name, (marked[0][0], marked[1][0]), (marked[0][1], marked[1][1])))
        else:
            pairs.append(CardPair(ordinal, name, was, now))
    return pairs


def media_of(html: str) -> set[str]:
    """The names in the `src` of an HTML text."""
    reader = _Sources()
    reader.feed(html)
    reader.close()
    return reader.found


class _Sources(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == "src" and value}


def _sides(note: PackedNote | None) -> dict[int, tuple[str, str]]:
    return {card.ordinal: _show(note, card) for card in note.cards} if note else {}


def _show(note: PackedNote, card: PackedCard) -> tuple[str, str]:
    kind = note.notetype
    special = {
        "Tags": " ".join(note.tags),
        "Type": kind.name,
        "Deck": card.deck,
        "Subdeck": card.deck.rpartition("::")[2],
        "Card": _name(note, card.ordinal),
        "CardFlag": "flag0",
    }
    try:
        template = kind.template(card.ordinal)
        return render(template.front, template.back, note.named(), card.ordinal, special)
    except TemplateError as error:
        wrong = f"<p>The template has a problem: {escape(str(error))}</p>"
    except IndexError:
        wrong = f"<p>The note type has no template {card.ordinal + 1}.</p>"
    return wrong, wrong


def _name(note: PackedNote, ordinal: int) -> str:
    if note.notetype.cloze:
        return f"{note.notetype.templates[0].name} {ordinal + 1}"
    names = [template.name for template in note.notetype.templates]
    return names[ordinal] if ordinal < len(names) else f"Card {ordinal + 1}"


def _marked(old: str, new: str) -> tuple[str, str]:
    runs = compare_words(old, new)
    return mark(runs, Change.REMOVED), mark(runs, Change.ADDED)
