"""The numbers and formulas that a note of the deck states, whatever words stand around them.

A test computes a value and asks whether the note states it. A reworded sentence changes nothing; a wrong number fails. A number of
the note states a value if the value, rounded to the digits that are written, is that number. Units count where they scale: `34.4 万`
is 344000, `77%` is 0.77, `5.8×10^{23}` is 5.8e23, `1/16` is a sixteenth.
"""

import re
from dataclasses import dataclass
from functools import cache

from note_text import texts

_FRACTION = re.compile(r"\\[dt]?frac(?:(\d)|\{(\d+)\})(?:(\d)|\{(\d+)\})")
_TARGET = re.compile(r'\]\([^\s)]*(?:\s+"([^"]*)")?\)')  # of a link or a picture; its title is text
_NUMBER = re.compile(
    r"(?<![\dA-Za-z_.^])(?<!_\{)(?<!\^\{)(?P<digits>\d+(?:\.\d+)?)"
    r"(?:e(?P<e>[-+]?\d+)|\s*×\s*10\^\{?(?P<ten>-?\d+)\}?|\^\{(?P<power>-?\d+)\}|\^(?P<digit>\d)|/(?P<below>\d+))?"
    r"\s*\$?\s*(?P<unit>%|万亿|亿|万)?"
)
_UNITS = {"%": 0.01, "万": 1e4, "亿": 1e8, "万亿": 1e12, None: 1.0}
# A number with fewer digits says too little of a value: "0" is no statement of 0.36.
_COARSEST = 0.1


@dataclass(frozen=True)
class Number:
    """A number as a note writes it; `half` is half a unit of its last digit."""

    value: float
    half: float

    def states(self, value: float) -> bool:
        distance = abs(self.value - value)
        return distance <= self.half + 1e-9 * abs(value) and distance <= _COARSEST * abs(value)


TEXTS = texts()


def numbers(text: str) -> list[Number]:
    """The numbers of a text in their order. A fraction follows the two numbers that it is made of."""
    plain = (
        _FRACTION.sub(lambda m: f" {m[1] or m[2]}/{m[3] or m[4]} ", text)
        .replace("−", "-")
        .replace("\\times", "×")
        .replace("\\%", "%")
    )
    plain = re.sub(r"\\[A-Za-z]+", " ", _TARGET.sub(lambda m: f"] {m[1] or ''}", plain))
    found = []
    for match in _NUMBER.finditer(plain):
        found += _readings(match, -1 if re.search(r"(?:^|[^\dA-Za-z)}])-$", plain[: match.start()]) else 1)
    return found


def _readings(match: re.Match, sign: int) -> list[Number]:
    digits, decimals, unit = float(match["digits"]), len(match["digits"].partition(".")[2]), _UNITS[match["unit"]]
    if match["below"]:
        below = float(match["below"])
        quotient = [Number(sign * digits / below, 0)] if below else []
        return [Number(sign * digits, 0), Number(below, 0), *quotient]
    if power := match["power"] or match["digit"]:
        return [Number(sign * digits ** int(power), 0)] if abs(int(power)) < 100 else []
    scale = unit * 10.0 ** int(match["e"] or match["ten"] or 0)
    return [Number(sign * digits * scale, 0.5 * 10.0**-decimals * scale)]


@cache
def _lines(note: str) -> tuple[tuple[bool, tuple[Number, ...]], ...]:
    """Of each line of the note: whether it is a row of a table, and its numbers."""
    lines = TEXTS[note].splitlines()
    return tuple((line.startswith("|"), tuple(numbers(re.sub(r"\{#[^}]*\}", "", line)))) for line in lines)


_Place = tuple[int, int, Number]  # the line, the place in it, and what stands there


def _found(numbers: list[_Place], values: tuple[float, ...], in_order: bool) -> list[_Place] | None:
    """Numbers that state the values, a number each; None if there are none."""
    if not values:
        return []
    for n, place in enumerate(numbers):
        if place[2].states(values[0]):
            rest = _found(numbers[n + 1 :] if in_order else numbers[:n] + numbers[n + 1 :], values[1:], in_order)
            if rest is not None:
                return [place, *rest]
    return None


def _nearest(note: str, values: tuple[float, ...], taken: set[_Place]) -> list[_Place] | None:
    """Of the lines that state the values, the numbers of the one that comes nearest to them."""
    per_line = []
    for line, (is_row, found) in enumerate(_lines(note)):
        free = [place for place in ((line, n, number) for n, number in enumerate(found)) if place not in taken]
        per_line.append(_found(free, values, is_row))
    stating = [places for places in per_line if places is not None]
    return min(stating, key=lambda places: sum(abs(p[2].value - v) for p, v in zip(places, values)), default=None)


def states(note: str, *expected: float | tuple[float, ...]) -> None:
    """The note states each of the values; those of a tuple in one line: in a row of a table in their order, elsewhere in any.

    Each value of a call has a number of its own, so that what a note says twice can be asked for twice.
    """
    taken: set[_Place] = set()
    groups = [tuple(map(float, each if isinstance(each, tuple) else (each,))) for each in expected]
    for values in sorted(groups, key=len, reverse=True):
        places = _nearest(note, values, taken)
        assert places is not None, (
            f"{note} does not state {values} in one line; its numbers: {[n.value for _, found in _lines(note) for n in found]}"
        )
        taken.update(places)


def writes(note: str, *parts: str) -> None:
    """The note has each of these formulas or symbols; white space and TeX's thin spaces do not count."""

    def bare(text: str) -> str:
        return re.sub(r"\\[,;! ]|\s", "", text)

    for part in parts:
        assert bare(part) in bare(TEXTS[note]), f"{note} does not have {part!r}"


def has_digits(note: str, *expected: str) -> None:
    """The note has each of these numbers with exactly these digits, anywhere in the question or the answer."""
    found = re.findall(r"\d+(?:\.\d+)?", TEXTS[note])
    for digits in expected:
        assert digits in found, f"{note} does not have the number {digits}"


def row(note: str, name: str) -> str:
    """The row of the note's table whose first cell begins with the name."""
    return next(line for line in TEXTS[note].splitlines() if line.startswith(f"| {name}"))
