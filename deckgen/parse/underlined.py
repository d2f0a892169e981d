"""Headings by a line of signs below them, which are no questions of notes."""

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.document import Document
from deckgen.parse.question import is_question

_UNDERLINE = lazy_pattern(r" {0,3}(?:-{2,}|={2,})[ \t]*$")


def is_underlined_question(document: Document, i: int) -> bool:
    """Whether the line at index `i` is a heading that asks, by a line of signs below it."""
    if i + 1 == len(document.lines):
        return False
    line, below = document.lines[i], document.lines[i + 1]
    return line.open and below.open and bool(_UNDERLINE.match(below.text)) and is_question(line.text)
