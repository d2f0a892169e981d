"""Where an answer ends that nothing closes."""

from deckgen.parse.document import Document

_GAP = 8
"""So many blank lines after one another part what was pasted into a file from what stood there."""


def before_gap(document: Document, first: int, end: int) -> int:
    """The index behind the last line, before `end`, that no great gap parts from the one at `first`."""
    blank, seen = 0, False
    for i in range(first, end):
        line = document.lines[i]
        blank = blank + 1 if line.blank and line.open else 0
        seen = seen or not line.blank
        if seen and blank >= _GAP:
            return i - blank + 1
    return end
