"""Where an answer ends that nothing closes."""

from deckgen.parse.document import Document
from deckgen.parse.texts import columns

_GAP = 8
"""So many blank lines after one another part what was pasted into a file from what stood there."""
_INDENTED = 2


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


def before_outdented(document: Document, first: int, end: int) -> int:
    """The index behind the last line, before `end`, of a list item's body from the one at `first` on.

    Where the body begins indented, a paragraph that is not ends it.
    """
    begin = next((line for line in document.lines[first:end] if not line.blank), None)
    if begin is None or columns(begin.text) < _INDENTED:
        return end
    for i in range(begin.number, end):
        line = document.lines[i]
        if line.open and not line.blank and not columns(line.text) and document.lines[i - 1].blank:
            return i
    return end
