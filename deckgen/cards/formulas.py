"""The formulas of a card's side set as MathML: for pages that show cards without Anki's MathJax."""

import re
from html import unescape

from deckgen.tex.mathml import mathml

# Packages come from anywhere: no text may cost more than its length. What is never closed reaches to the end, as in a browser.
_PIECE = re.compile(r"<!--.*?(?:-->|\Z)|<[^>]*(?:>|\Z)|[^<]+", re.S)
# What MathJax does not look into.
_OPAQUE = re.compile(r"<(/?)(?:code|pre|script|style|textarea)\b", re.I)
_FORMULA = re.compile(r"\\\(((?:\\[^()]|[^\\])+)\\\)|\\\[((?:\\[^\[\]]|[^\\])+)\\\]")


def formulas_to_mathml(html: str) -> str:
    """The HTML with what stands between Anki's delimiters set; what cannot be set, or holds a tag, stays TeX."""
    pieces, depth = [], 0
    for match in _PIECE.finditer(html):
        piece = match[0]
        if opaque := _OPAQUE.match(piece):
            depth = max(depth - 1, 0) if opaque[1] else depth + 1
        pieces.append(piece if depth or piece.startswith("<") else _FORMULA.sub(_to_mathml, piece))
    return "".join(pieces)


def _to_mathml(formula: re.Match[str]) -> str:
    return mathml(unescape(formula[1] or formula[2]), formula[2] is not None)[0] or formula[0]
