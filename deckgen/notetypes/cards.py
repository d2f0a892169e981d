"""Finds the cards that Anki's engine makes of a note. An import makes no cards, so the package must hold exactly these."""

from collections.abc import Mapping

from deckgen.cards.parts import TemplateError, has_card, parse_template
from deckgen.cards.template import is_blank
from deckgen.cloze.grammar import card_ordinal, cloze_numbers
from deckgen.model import CardTemplate, NoteType


def card_ordinals(notetype: NoteType, fields: Mapping[str, str]) -> tuple[int, ...]:
    """Return the 0-based ordinals of a note's cards, ascending. `fields`: name → HTML. Empty if Anki would make no card.

    For cloze types and image occlusion, the engine counts the clozes of all fields. Other types have a card for each
    template whose front shows a field that is not empty. Raises TemplateError if a front is not a valid template.
    """
    if notetype.cloze:
        return tuple(sorted({card_ordinal(number) for html in fields.values() for number in cloze_numbers(html)}))
    filled = {name for name, html in fields.items() if not is_blank(html)}
    return tuple(n for n, each in enumerate(notetype.templates) if _has_card(notetype, each, filled))


def cards_of(notetype: NoteType, fields: Mapping[str, str]) -> tuple[int, ...]:
    """Return the same for the note of a package. Anki gives a note of an imported type its first card if it would have none."""
    return card_ordinals(notetype, fields) or ((0,) if notetype.imported else ())


def _has_card(notetype: NoteType, template: CardTemplate, filled: set[str]) -> bool:
    try:
        return has_card(parse_template(template.front), filled)
    except TemplateError:
        # Anki makes no card of a template that it cannot read.
        if notetype.imported:
            return False
        raise
