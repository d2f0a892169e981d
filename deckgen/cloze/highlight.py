"""`==highlight==`: marked text, and a cloze where the deck says so."""

import re
from collections.abc import Iterator

from deckgen.cloze.grammar import OPENING
from deckgen.lazy_patterns import lazy_pattern

HIGHLIGHT = (
    r"(?<![A-Za-z0-9=)\]!<>\\])(==)(?![\s=])((?:(?!==)[^\n]|\n(?![ \t]*\n))+?)(?<![\s=!<>\\])==(?![A-Za-z0-9=(\[])"
)
"""Marked text of one paragraph, but no comparison such as `a==b` or `a == b`. The groups are the opening mark and the text.

Letters of other scripts may be next to the marks: Chinese has no spaces between words.
"""
_HIGHLIGHT = lazy_pattern(HIGHLIGHT)
_NUMBERS = lazy_pattern(OPENING)
_LENGTH = 2


def has_highlights(visible: str) -> bool:
    """Whether a text holds a highlight. `visible` is the text without what is in code and comments."""
    return _HIGHLIGHT.search(visible) is not None


def highlight_clozes(visible: str) -> Iterator[tuple[int, int, str]]:
    """Yield start and end of each mark of a highlight, and the mark of a cloze in its place.

    Each highlight is a cloze with a number of its own, in their order, after the numbers that the text has.
    """
    used = [int(number) for match in _NUMBERS.finditer(visible) for number in re.findall(r"\d{1,4}", match[0])]
    for number, match in enumerate(_HIGHLIGHT.finditer(visible), max(used, default=0) + 1):
        yield match.start(), match.start() + _LENGTH, f"{{{{c{number}::"
        yield match.end() - _LENGTH, match.end(), "}}"
