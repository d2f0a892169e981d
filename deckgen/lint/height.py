"""The height of a field on a phone, estimated from its HTML without a browser.

All lengths are in CSS pixels, or in em of the text's own size where a docstring says so. Sizes, line heights and margins are those of
card.css on a screen of 390 × 844. What depends on fonts and MathJax was measured on the cards of a deck.
"""

import re
import unicodedata
from functools import cache
from math import ceil

from bs4.element import NavigableString, Tag
from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.render.html import parse_html

SCREEN = 844
"""The height of a phone's screen, in pixels."""
_WIDTH = 358.0
# Measured, in em: the width of a letter, that of a symbol of a formula, and the average empty space at the end of a line that breaks.
_LETTER, _SYMBOL, _RAGGED = 0.53, 0.56, 0.9
# Measured, in pixels: the height of a row of a displayed formula, without and with fractions, sums or matrices, and its margins.
_ROW, _TALL_ROW, _AROUND_FORMULA = 26.0, 50.0, 18.0
# A picture on lines of its own is as wide as the page. Its height is not known before it is computed: the median of 41 was 304 pixels,
# and they were from 241 to 403. A picture between words counts as one character.
_PICTURE = 304.0
_MAX_CELL_WIDTH = 18.0
# What is nested deeper counts as one text: Python limits the depth of recursion.
_DEPTH = 50

_PIECE = lazy_pattern(r"\\\[(?P<display>.*?)\\\]|\\\((?P<inline>.*?)\\\)", re.S)
_TALL = lazy_pattern(r"\\(?:d?frac|binom|sum|prod|int|begin\{[pbvV]?matrix\}|underbrace|overbrace|(?:max|min|lim)_)")
_INVISIBLE = lazy_pattern(
    r"\\(?:left|right|[Bb]igg?[lrm]?|operatorname\*?|text|math[a-z]+|[dt]?frac|begin|end|quad|[,;:! ])(?![a-z])|[{}_^&\s]"
)


class _Block(Struct, frozen=True):
    """An element on lines of its own. `size` is that of its text, relative to the text around it; the other lengths are in em of its text."""

    size: float = 1.0
    line: float = 1.75
    indent: float = 0.0
    padding: float = 0.0
    margin: float = 0.85


class TextSize(Struct, frozen=True):
    """The size of a text and the height of its lines, in pixels."""

    font: float
    row: float


QUESTION = TextSize(20.4, 30.6)
ANSWER = TextSize(17.0, 29.75)

_BLOCKS = {
    "p": _Block(),
    "div": _Block(),
    "section": _Block(),
    "ul": _Block(indent=1.5),
    "ol": _Block(indent=1.5),
    "li": _Block(margin=0.3),
    "dl": _Block(),
    "dt": _Block(margin=0.0),
    "dd": _Block(indent=1.5, margin=0.45),
    "blockquote": _Block(indent=1.2, padding=0.2),
    "details": _Block(indent=2.2, padding=1.4),
    "summary": _Block(margin=0.3),
    "pre": _Block(size=0.8, line=1.6, padding=1.75, margin=1.06),
    "table": _Block(size=0.9, line=1.6, margin=0.94),
    "figure": _Block(),
    "figcaption": _Block(size=0.85, line=1.6, margin=0.4),
    "hr": _Block(margin=1.4),
    **dict.fromkeys(("h1", "h2"), _Block(size=1.15, line=1.5, margin=1.4)),
    **dict.fromkeys(("h3", "h4", "h5", "h6"), _Block(size=1.05, line=1.5, margin=1.4)),
}
_ADMONITION = _Block(indent=2.2, padding=1.4)


def height(html: str, size: TextSize) -> float:
    """About how many pixels a field takes on a phone in text of that size, from its first line to its last."""
    soup = parse_html(html)
    for math in soup.find_all("math"):
        opening, closing = ("\\[", "\\]") if math.get("display") == "block" else ("\\(", "\\)")
        if tex := math.find("annotation"):
            math.replace_with(f"{opening}{tex.get_text()}{closing}")
    return _Stack(_WIDTH, size.font, size.row / size.font).filled(soup).height


class _Stack:
    """Blocks and lines below one another, with the larger of two margins between them."""

    def __init__(self, width: float, font: float, line: float, depth: int = 0):
        self.height = 0.0
        self._width, self._font, self._line, self._depth = width, font, line, depth
        self._inline = 0.0
        self._margin = 0.0

    def filled(self, element: Tag) -> "_Stack":
        self._fill(element, self._depth)
        self._break()
        return self

    def _fill(self, element: Tag, depth: int) -> None:
        if depth > _DEPTH:
            self._text(element.get_text())
            return
        for child in element.children:
            if isinstance(child, NavigableString):
                if type(child) is NavigableString:
                    self._text(str(child))
            elif not isinstance(child, Tag):
                continue
            elif child.name == "br":
                self._break()
            elif child.name == "img":
                self._picture(alone=not element.get_text(strip=True) or element.name == "figure")
            elif block := _block(child):
                font = self._font * block.size
                inside = _inside(child, block, self._width - block.indent * font, font, depth + 1)
                self._add(inside + block.padding * font, block.margin * font)
            else:
                self._fill(child, depth + 1)

    def _text(self, text: str) -> None:
        """Add text with its formulas to the current line. Its lines end where a block or a break follows."""
        end = 0
        for piece in _PIECE.finditer(text):
            self._inline += _text_width(text[end : piece.start()])
            end = piece.end()
            if piece["inline"] is not None:
                self._inline += _formula_width(piece["inline"])
            else:
                self._add(_display(piece["display"]), _AROUND_FORMULA)
        self._inline += _text_width(text[end:])

    def _picture(self, *, alone: bool) -> None:
        if alone:
            self._add(_PICTURE, 0)
        else:
            self._inline += 1

    def _break(self) -> None:
        if self._inline > 0.3:
            # Every line but the last has empty space at its end.
            available = max(self._width / self._font, 2)
            lines = 1 + max(0, ceil((self._inline - available) / (available - _RAGGED)))
            self._inline = 0.0
            self._add(lines * self._line * self._font, 0)
        self._inline = 0.0

    def _add(self, height: float, margin: float) -> None:
        self._break()
        self.height += height + (max(self._margin, margin) if self.height else 0)
        self._margin = margin


def _block(element: Tag) -> _Block | None:
    return _ADMONITION if "admonition" in element.get_attribute_list("class") else _BLOCKS.get(element.name)


def _inside(element: Tag, block: _Block, width: float, font: float, depth: int) -> float:
    if element.name == "pre":
        return len(element.get_text().rstrip("\n").split("\n")) * block.line * font
    if element.name == "table":
        return _table(element, width, font, block.line)
    return _Stack(width, font, block.line, depth).filled(element).height


def _table(table: Tag, width: float, font: float, line: float) -> float:
    """The height of a table. Columns share the width by the length of their text, and each is as wide as its longest word at least."""
    rows = [[_longest(cell.get_text()) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
    columns = max(map(len, rows), default=0)
    wide = [max((row[i][0] for row in rows if i < len(row)), default=0.0) for i in range(columns)]
    least = [max((row[i][1] for row in rows if i < len(row)), default=0.0) for i in range(columns)]
    available = width / font - 1.5 * columns
    share = min(1.0, available / max(sum(wide), 0.1))
    widths = [min(max(a * share, b), _MAX_CELL_WIDTH) for a, b in zip(wide, least)]
    lines = sum(
        max((max(1, ceil(cell[0] / max(widths[i], 1) - 0.1)) for i, cell in enumerate(row)), default=0) for row in rows
    )
    return (lines * line + 0.86 * len(rows)) * font


def _longest(text: str) -> tuple[float, float]:
    """The width in em of a cell's text on one line, and of its longest part that does not break."""
    stretches = re.split(
        r"(?<=[，。；、：）])|\s+",
        _PIECE.sub(lambda m: "x" * ceil(_formula_width(m["inline"] or m["display"]) / _LETTER), text),
    )
    widths = [_text_width(stretch) for stretch in stretches]
    return sum(widths) + 0.25 * (len(widths) - 1), max(widths, default=0.0)


def _display(tex: str) -> float:
    """The height of a displayed formula: the sum of its rows."""
    rows = re.split(r"\\\\", tex) if r"\begin{aligned}" in tex or r"\begin{cases}" in tex else [tex]
    return sum(_TALL_ROW if _TALL.search(row) else _ROW for row in rows)


def _formula_width(tex: str) -> float:
    """The width in em of a formula: each visible symbol counts the same."""
    return _SYMBOL * len(re.sub(r"\\[A-Za-z]+|\\.", "x", _INVISIBLE.sub("", tex)))


def _text_width(text: str) -> float:
    return sum(map(_character_width, re.sub(r"\s+", " ", text)))


@cache
def _character_width(sign: str) -> float:
    """The width of a character in em: 1 in Chinese, Japanese and Korean."""
    return 1.0 if unicodedata.east_asian_width(sign) in "WF" or sign in "“”‘’…—" else 0.26 if sign == " " else _LETTER
