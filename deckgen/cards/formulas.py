"""Converts the formulas of a card to MathML, for pages that show cards without Anki's MathJax."""

import re
from html import unescape

from deckgen.lazy_patterns import lazy_pattern
from deckgen.tex.mathml import mathml

# Packages come from anywhere, so the time must grow only with the length of the text. As in a browser, a comment or a tag
# that is not closed ends with the text.
_PIECE = lazy_pattern(r"<!--.*?(?:-->|\Z)|<[^>]*(?:>|\Z)|[^<]+", re.S)
# Elements that MathJax skips.
_SKIPPED = lazy_pattern(r"<(/?)(?:code|pre|script|style|textarea)\b", re.I)
_FORMULA = lazy_pattern(r"\\\(((?:\\[^()]|[^\\])+)\\\)|\\\[((?:\\[^\[\]]|[^\\])+)\\\]")


def formulas_to_mathml(html: str) -> str:
    """Return the HTML with MathML in place of the formulas between Anki's delimiters.

    A formula stays TeX if it cannot be converted or contains a tag.
    """
    pieces, depth = [], 0
    for match in _PIECE.finditer(html):
        piece = match[0]
        if skipped := _SKIPPED.match(piece):
            depth = max(depth - 1, 0) if skipped[1] else depth + 1
        pieces.append(piece if depth or piece.startswith("<") else _FORMULA.sub(_to_mathml, piece))
    return "".join(pieces)


def _to_mathml(formula: re.Match[str]) -> str:
    return mathml(unescape(formula[1] or formula[2]), formula[2] is not None)[0] or formula[0]
