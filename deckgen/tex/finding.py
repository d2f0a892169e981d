"""What is to be said about a formula, at an offset of what stands between its delimiters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormulaFinding:
    """`wrong` where Anki would not show the formula as it was meant; else it was set right, and the author is told."""

    offset: int
    wrong: bool
    code: str
    message: str
    hint: str = ""
