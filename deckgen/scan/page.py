"""The source during a scan: what is before and after an offset.

A scan only moves forward. A match that was found ahead is kept until the scan passes it. So each pattern searches the source
once, even if many marks are never closed.
"""

import re
from bisect import bisect_left

from deckgen.lazy_patterns import lazy_pattern
from deckgen.scan.spans import Unclosed
from deckgen.scan.syntax import FENCE_MARK

BLANK_LINE = lazy_pattern(r"\n[ \t>]*(?=\n|\Z)")
NEW_BLOCK = lazy_pattern(rf"\n[ \t>]*(?:#{{1,6}}[ \t]|{FENCE_MARK}|\+{{3}}|</?[a-zA-Z])")
_CONTAINERS = lazy_pattern(r"(?:[ \t]*(?:>|[*+-](?=[ \t])|\d{1,9}[.)](?=[ \t])))*+[ \t]*")
_LINE_END = lazy_pattern(r"[ \t]*+(?=\n|\Z)")
_TICKS = lazy_pattern(r"`+")
_ENVIRONMENT = lazy_pattern(r"\\(begin|end)\{([A-Za-z]+\*?)\}")


class Page:
    """The source, and what was never closed in it. The offsets passed in must not decrease from call to call."""

    def __init__(self, src: str):
        self.src = src
        self.unclosed: list[Unclosed] = []
        self._ahead: dict[re.Pattern[str], tuple[int, re.Match[str] | None]] = {}
        self._line = self._seen = 0
        self._ticks: tuple[int, dict[int, list[int]]] = (-1, {})
        self._environments: dict[int, tuple[int, int]] | None = None

    def next(self, pattern: re.Pattern[str], pos: int) -> re.Match[str] | None:
        """Return the first match that begins at `pos` or later."""
        start, match = self._ahead.get(pattern, (len(self.src) + 1, None))
        if not (start <= pos and (match is None or pos <= match.start())):
            match = pattern.search(self.src, pos)
            self._ahead[pattern] = (pos, match)
        return match

    def paragraph_end(self, pos: int) -> int:
        """Return the offset of the end of the paragraph that holds `pos`."""
        match = self.next(BLANK_LINE, pos)
        return match.start() if match else len(self.src)

    def line_start(self, pos: int) -> int:
        """Return the offset of the start of the line that holds `pos`."""
        self._line = self.src.rfind("\n", self._seen, pos) + 1 or self._line
        self._seen = pos
        return self._line

    def quotes(self, pos: int) -> int:
        """Return the number of blockquote markers at the start of the line that holds `pos`."""
        return self._containers(pos).count(">")

    def starts_line(self, pos: int) -> bool:
        """Whether only blockquote and list markers are before `pos` on its line."""
        return self.line_start(pos) + len(self._containers(pos)) == pos

    def ends_line(self, pos: int) -> bool:
        """Whether there is only white space from `pos` to the end of its line."""
        match = self.next(_LINE_END, pos)
        return match is not None and match.start() == pos

    def closing_ticks(self, pos: int, count: int) -> int:
        """Return the offset of the first run of exactly `count` backticks from `pos` on in its paragraph, or -1."""
        end = self.paragraph_end(pos)
        if self._ticks[0] != end:
            runs: dict[int, list[int]] = {}
            for match in _TICKS.finditer(self.src, pos, end):
                runs.setdefault(len(match[0]), []).append(match.start())
            self._ticks = (end, runs)
        starts = self._ticks[1].get(count, [])
        i = bisect_left(starts, pos)
        return starts[i] if i < len(starts) else -1

    def environment_end(self, pos: int) -> tuple[int, int] | None:
        """Return start and end of the `\\end{…}` that belongs to the `\\begin{…}` at `pos`, or None."""
        if self._environments is None:
            self._environments = {}
            open_: dict[str, list[int]] = {}
            for match in _ENVIRONMENT.finditer(self.src):
                if match[1] == "begin":
                    open_.setdefault(match[2], []).append(match.start())
                elif open_.get(match[2]):
                    self._environments[open_[match[2]].pop()] = match.span()
        return self._environments.get(pos)

    def add_unclosed(self, offset: int, code: str, message: str, *, end: int | None = None, hint: str = "") -> None:
        """Record a mark that is never closed. Without an `end` it explains the rest of its paragraph."""
        self.unclosed.append(Unclosed(offset, code, message, self.paragraph_end(offset) if end is None else end, hint))

    def _containers(self, pos: int) -> str:
        match = _CONTAINERS.match(self.src, self.line_start(pos), pos)
        return match[0] if match else ""
