"""What a scan finds: stretches of source that are not plain Markdown text, and what was never closed."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum, auto


class SpanKind(Enum):
    FRONT_MATTER = auto()
    FENCE = auto()
    INDENTED = auto()
    CODE = auto()
    COMMENT = auto()
    VERBATIM = auto()  # tags with their attributes, autolinks, link destinations
    FORMULA = auto()


CODE_KINDS = frozenset({SpanKind.FENCE, SpanKind.INDENTED, SpanKind.CODE, SpanKind.COMMENT})
"""Code and comments: what looks like Markdown or a cloze in them is none."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `[start, end)` of the source.

    A formula also says which part of it `[tex_start, tex_end)` stands between its delimiters, how many blockquote
    markers stand before each further line of that part, and whether it is displayed.
    """

    kind: SpanKind
    start: int
    end: int
    tex_start: int = 0
    tex_end: int = 0
    quotes: int = 0
    display: bool = False


@dataclass(frozen=True, slots=True)
class Unclosed:
    """Something that was opened and never closed, at an offset; what follows it up to `end` is explained by it."""

    offset: int
    code: str
    message: str
    end: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """All spans in order, which do not overlap, and all faults."""

    spans: tuple[Span, ...]
    unclosed: tuple[Unclosed, ...]

    def covering(self, offset: int) -> Span | None:
        """The span that holds the character at `offset`."""
        i = bisect_right(self.spans, offset, key=lambda span: span.start) - 1
        return self.spans[i] if i >= 0 and offset < self.spans[i].end else None

    def is_code(self, offset: int) -> bool:
        """Whether the character at `offset` stands in code or a comment."""
        span = self.covering(offset)
        return span is not None and span.kind in CODE_KINDS
