"""Clozes that hide a number which the front of the same card has, or which follows from its numbers by one operation."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations

from bs4 import Tag
from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.lint.fronts import Blank, blanks, cloze_place, front
from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem, Severity
from deckgen.render import plain_text

# A shorter number has many meanings: a second 8 or 64 on the card need not be the answer.
_MIN_DIGITS = 3
# In a block with more numbers some two give any number by chance.
_MAX_NUMBERS = 30
# The elements whose numbers belong together. Two numbers of different paragraphs would give some sum or quotient by chance.
_BLOCKS = ["p", "li", "table", "dd", "figcaption", "blockquote"]
# A digit behind a letter belongs to a name (fp16, GPT-2, T5), one behind ^ or _ to an exponent or index.
_NUMBER = lazy_pattern(
    r"(?<![\w.,^_])(?<!\w-)(?<![\^_]\{)(?<![\^_]\{-)(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<decimals>\.\d+)?(?!\.?\d)"
    r"(?P<unit>\s?(?:%|万亿|亿|万|[A-Za-z]{1,6}(?![A-Za-z])))?"
)
_LARGE = {"万": 10**4, "亿": 10**8, "万亿": 10**12}
_AROUND = lazy_pattern(r"[\s~≈约＝=$.。,，]|\\approx|\\\(|\\\)|\\%?")


class _Number(Struct, frozen=True):
    """A number of a text. `step` is the value of its last digit, `unit` the word or sign behind it, `written` both as in the text."""

    value: Fraction
    step: Fraction
    unit: str
    written: str

    @property
    def is_distinctive(self) -> bool:
        """Whether the number is long enough to mean one thing: zeros at its ends count for nothing."""
        digits = re.sub(r"\D", "", self.written).strip("0")
        return len(digits) >= _MIN_DIGITS

    def is_rounded(self, value: Fraction) -> bool:
        """Whether this number is `value`, rounded to the last digit."""
        return abs(value - self.value) * 2 <= self.step if self.step < 1 else value == self.value


def revealed_numbers(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each cloze that hides nothing but a number, where the card shows that number or the two that give it."""
    for item in notes:
        if item.notetype.asks_clozes:
            yield from _revealed(item)


def _revealed(item: RenderedNote) -> Iterator[Problem]:
    hidden = [(blank, number) for blank in blanks(item) if (number := only_number(plain_text(blank.html)))]
    for card in sorted({blank.number for blank, _ in hidden}):
        soup = front(item, card)
        shown = _numbers(f"{plain_text(item.shown('question'))} {plain_text(str(soup))}")
        groups = [_numbers(plain_text(str(block))) for block in soup.find_all(_BLOCKS) if isinstance(block, Tag)]
        for blank, number in hidden:
            if blank.number == card and (why := _reason(number, shown, groups)):
                yield _problem(item, blank, number, why)


def _reason(number: _Number, shown: Sequence[_Number], groups: Sequence[Sequence[_Number]]) -> str:
    small = (group for group in groups if len(group) <= _MAX_NUMBERS)
    return _same(number, shown) or next(filter(None, (_calculated(number, group) for group in small)), "")


def only_number(text: str) -> _Number | None:
    """The number that a text consists of, with a unit at most; None if it says anything else."""
    found = _numbers(text)
    rest = _AROUND.sub("", _NUMBER.sub("", text, count=1))
    return found[0] if len(found) == 1 and not rest else None


def _numbers(text: str) -> list[_Number]:
    return [_number(match) for match in _NUMBER.finditer(text)]


def _number(match: re.Match[str]) -> _Number:
    unit = (match["unit"] or "").strip()
    factor = _LARGE.get(unit, 1)
    decimals = match["decimals"] or ""
    value = Fraction(match["digits"].replace(",", "") + decimals)
    return _Number(value * factor, Fraction(factor, 10 ** max(len(decimals) - 1, 0)), unit, match[0].strip())


def _same(number: _Number, shown: Sequence[_Number]) -> str:
    """Says that the number is shown, or ""; a short one must have the same unit."""
    for other in shown:
        if other.value == number.value and (number.is_distinctive or number.unit == other.unit != ""):
            return f"{number.written} stands in the clear"
    return ""


def _calculated(number: _Number, group: Sequence[_Number]) -> str:
    """Says how the numbers of one group give the number, or ""."""
    operands = [other for other in group if other.value > 1]
    for left, right in permutations(operands, 2):
        for sign, value in _results(number, left, right):
            if number.is_rounded(value):
                return f"{number.written} is {left.written} {sign} {right.written}"
    return _rest(number, group)


def _results(number: _Number, left: _Number, right: _Number) -> Iterator[tuple[str, Fraction]]:
    """What two numbers give by one operation, where their units allow it. A short number is only the sum or difference of two with its unit."""
    a, b = left.value, right.value
    if len({left.unit, right.unit, number.unit} - {"", *_LARGE}) > 1:
        return
    if a != b and (number.is_distinctive or number.unit == left.unit == right.unit != ""):
        yield "+", a + b
        yield "−", a - b
    if number.is_distinctive:
        if not left.unit or not right.unit:
            yield "×", a * b
        yield "/", a / b * (100 if number.unit == "%" else 1)


def _rest(number: _Number, group: Sequence[_Number]) -> str:
    """Says that the number is the sum of a group of three or more, or what its percentages leave of 100 %; or ""."""
    total = sum(other.value for other in group)
    if len(group) > 2 and number.is_distinctive and number.value == total:
        return f"{number.written} is {' + '.join(other.written for other in group)}"
    shares = [other for other in group if other.unit == "%"]
    if number.unit == "%" and shares and number.value == 100 - sum(share.value for share in shares):
        return f"{number.written} is 100% − {' − '.join(share.written for share in shares)}"
    return ""


def _problem(item: RenderedNote, blank: Blank, number: _Number, why: str) -> Problem:
    return Problem(
        item.note.file,
        *cloze_place(item.note, blank.index),
        Severity.WARNING,
        "cloze-number-revealed",
        f"the cloze gives its number away: {why}",
        "hide the other numbers too, under the same number, or move them to another note",
    )


CLOZE_NUMBER_REVEALED = Lint("cloze-number-revealed", revealed_numbers, usual=True)
