"""Where in a note's source something stands that was found in its HTML."""

from html import escape

from deckgen.model import Text
from deckgen.scan import Scan


class Places:
    """Where in the source the references stand, taken in reading order."""

    def __init__(self, text: Text, found: Scan):
        self._text = text
        self._scan = found
        self._after: dict[str, int] = {}

    def next(self, target: str) -> tuple[int, int]:
        """Line and column of the next place that names the target; the text's beginning where Markdown changed it."""
        for written in dict.fromkeys((target, escape(target), escape(target, quote=False))):
            offset = self._after.get(written, -1)
            while (offset := self._text.source.find(written, offset + 1)) >= 0:
                if not self._scan.is_code(offset):
                    self._after[written] = offset
                    return self._text.place(offset)
        return self._text.place(0)
