"""Which cards Anki's engine makes of a note: importing makes none, so the package must hold exactly these."""

from collections.abc import Mapping

from deckgen.cloze.grammar import card_ordinal, cloze_numbers
from deckgen.model import Kind


def card_ordinals(kind: Kind, fields: Mapping[str, str]) -> tuple[int, ...]:
    """The 0-based ordinals of a note's cards, ascending; empty where Anki would make none.

    For the two kinds with clozes, masks of image occlusion among them, the engine counts those of every field.
    """
    if kind is not Kind.BASIC:
        return tuple(sorted({card_ordinal(number) for html in fields.values() for number in cloze_numbers(html)}))
    if not fields["Front"]:
        return ()
    return (0, 1) if fields["Reverse"] else (0,)
