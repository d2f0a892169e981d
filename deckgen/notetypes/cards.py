"""Which cards Anki's engine makes of a note: importing makes none, so the package must hold exactly these."""

import re
from collections.abc import Mapping

from deckgen.model import Kind

_CLOZE_TOKEN = re.compile(r"\{\{c(?=,*[0-9])([0-9,]+)::|\}\}")
# What the engine does with numbers: those beyond 16 bits are none, and all from 500 on are one card.
_NUMBERS, _LAST = 2**16, 500
CLOZE_NUMBERS = range(1, _LAST + 1)
"""The numbers of clozes that have a card of their own. The card of all beyond shows an error, if there is none with the last number."""
CLOZE_DEPTH = 10
"""How deep the engine lets clozes nest: what opens deeper opens nothing (rslib, cloze.rs)."""


def card_ordinals(kind: Kind, fields: Mapping[str, str]) -> tuple[int, ...]:
    """The 0-based ordinals of a note's cards, ascending; empty where Anki would make none.

    For the two kinds with clozes, masks of image occlusion among them, the engine counts those of every field.
    """
    if kind is not Kind.BASIC:
        return tuple(number - 1 for number in sorted(frozenset().union(*map(cloze_numbers, fields.values()))))
    if not fields["Front"]:
        return ()
    return (0, 1) if fields["Reverse"] else (0,)


def cloze_number(digits: str) -> int:
    """The number of a cloze. Of more digits than any card has, one that is none: Python reads no number of any length."""
    return int(digits) if len(digits) <= 10 else int(digits.lstrip("0")[:10] or 0)


def cloze_numbers(html: str) -> frozenset[int]:
    """The numbers of the clozes that are closed, nested ones too; `{{c1,3::…}}` has two. Number 0 makes no card.

    What stands inside a cloze that is never closed counts for nothing, closed or not.
    """
    levels: list[set[int]] = [set()]
    for match in _CLOZE_TOKEN.finditer(html):
        if match[0] != "}}" and len(levels) > CLOZE_DEPTH:
            continue
        if match[0] != "}}":
            levels.append({min(number, _LAST) for number in map(cloze_number, filter(None, match[1].split(","))) if number < _NUMBERS})
        elif len(levels) > 1:
            inner = levels.pop()
            levels[-1] |= inner
    return frozenset(levels[0] - {0})
