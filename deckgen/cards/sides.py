"""Both sides of a card, with what Anki knows of the card, or with the error of its template."""

from collections.abc import Mapping, Sequence
from html import escape

from deckgen.cards.parts import TemplateError
from deckgen.cards.template import render


def card_name(templates: Sequence[str], ordinal: int, cloze: bool) -> str:
    """The name of a card from the names of its note type's templates. Cards of a cloze type are numbered from 1."""
    if cloze:
        return f"{templates[0]} {ordinal + 1}"
    return templates[ordinal] if ordinal < len(templates) else f"Card {ordinal + 1}"


def card_sides(
    front: str,
    back: str,
    fields: Mapping[str, str],
    ordinal: int,
    *,
    name: str,
    notetype: str,
    deck: str,
    tags: Sequence[str],
) -> tuple[str, str]:
    """The HTML of question and answer, from the two templates `front` and `back` and the 0-based ordinal of the card. A template that Anki cannot render gives an error message on both sides."""
    special = {
        # Anki stores tags in this order.
        "Tags": " ".join(sorted(tags, key=str.casefold)),
        "Type": notetype,
        "Deck": deck,
        "Subdeck": deck.rpartition("::")[2],
        "Card": name,
        "CardFlag": "flag0",
    }
    try:
        return render(front, back, fields, ordinal, special)
    except TemplateError as error:
        wrong = f"<p>The template has a problem: {escape(str(error))}</p>"
        return wrong, wrong
