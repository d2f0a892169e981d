"""Which cards Anki's engine makes of a note: importing makes none, so the package must hold exactly these."""

from collections.abc import Mapping

from deckgen.cards.parts import has_card, parse_template
from deckgen.cards.template import is_blank
from deckgen.cloze.grammar import card_ordinal, cloze_numbers
from deckgen.model import NoteType


def card_ordinals(notetype: NoteType, fields: Mapping[str, str]) -> tuple[int, ...]:
    """The 0-based ordinals of a note's cards, ascending; empty where Anki would make none.

    For cloze types, image occlusion among them, the engine counts the clozes of every field. Other types have a card
    for each template whose front shows a field that is filled.
    """
    if notetype.cloze:
        return tuple(sorted({card_ordinal(number) for html in fields.values() for number in cloze_numbers(html)}))
    filled = {name for name, html in fields.items() if not is_blank(html)}
    return tuple(n for n, each in enumerate(notetype.templates) if has_card(parse_template(each.front), filled))
