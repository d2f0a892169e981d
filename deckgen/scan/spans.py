"""The result of a scan: stretches of source that are not plain Markdown text, and marks that are never closed."""

from bisect import bisect_right
from collections.abc import Set
from enum import IntEnum, auto
from operator import attrgetter

from msgspec import Struct


class SpanKind(IntEnum):
    """What a span is. The members are numbers, because the hash of other members takes longer."""

    FRONT_MATTER = auto()
    FENCE = auto()
    INDENTED = auto()
    CODE = auto()
    COMMENT = auto()
    # Tags with their attributes, autolinks, link destinations.
    VERBATIM = auto()
    FORMULA = auto()


_START = attrgetter("start")
CODE_KINDS = frozenset({SpanKind.FENCE, SpanKind.INDENTED, SpanKind.CODE, SpanKind.COMMENT})
"""Code and comments: Markdown and clozes in them have no effect."""


class Span(Struct, frozen=True):
    """A stretch `[start, end)` of the source.

    In a formula, `[tex_start, tex_end)` is the part between its delimiters. `quotes` is the number of blockquote markers
    before each line of that part after the first. `display` says whether it is a displayed formula.
    """

    kind: SpanKind
    start: int
    end: int
    tex_start: int = 0
    tex_end: int = 0
    quotes: int = 0
    display: bool = False


class Unclosed(Struct, frozen=True):
    """A mark at `offset` that is never closed. It explains other problems between `offset` and `end`."""

    offset: int
    code: str
    message: str
    end: int
    hint: str = ""


class Scan(Struct, frozen=True):
    """All spans in order, which do not overlap, and all marks that are never closed."""

    spans: tuple[Span, ...]
    unclosed: tuple[Unclosed, ...]

    def covering(self, offset: int) -> Span | None:
        """Return the span that holds the character at `offset`, or None."""
        i = bisect_right(self.spans, offset, key=_START) - 1
        return self.spans[i] if i >= 0 and offset < self.spans[i].end else None

    def is_code(self, offset: int) -> bool:
        """Whether the character at `offset` is in code or a comment."""
        span = self.covering(offset)
        return span is not None and span.kind in CODE_KINDS

    def blanked(self, source: str, kinds: Set[SpanKind], sign: str = " ") -> str:
        """Return the source that was scanned with spans of these kinds blanked out by a sign. Offsets stay."""
        chars, pos = [], 0
        for span in self.spans:
            if span.kind in kinds:
                chars += [source[pos : span.start], sign * (span.end - span.start)]
                pos = span.end
        return "".join([*chars, source[pos:]])
