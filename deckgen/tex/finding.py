"""A finding about a formula."""

from msgspec import Struct


class FormulaFinding(Struct, frozen=True):
    """A message about a formula.

    `offset` counts from the first character after the opening delimiter. `wrong` is true if Anki would not show the
    formula as the author meant it. It is false if deckgen corrected the formula.
    """

    offset: int
    wrong: bool
    code: str
    message: str
    hint: str = ""
