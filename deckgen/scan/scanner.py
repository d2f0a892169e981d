"""Scan a source: at the start of each line for blocks, elsewhere for spans inside text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from deckgen.lazy_patterns import lazy_pattern
from deckgen.scan import math
from deckgen.scan.page import Page
from deckgen.scan.spans import Scan, Span, SpanKind

_PREFIX = lazy_pattern(r"(?:[ \t]*>)*+[ \t]*")
_FENCE = lazy_pattern(r"(`{3,})([^`\n]*)$|(~{3,})([^\n]*)$", re.M)
_CONTAINER = lazy_pattern(r"(?:[*+-]|\d+[.)])[ \t]|!!!|\?\?\?|===[!+]? |\[\^[^\]]+\]:|:[ \t]")
_NEXT = lazy_pattern(r"\n|\\|`+|<|\$|\]\(|%%")
_COMMENT_END = lazy_pattern("-->")
_PERCENTS = lazy_pattern("%%")
# Behind a space or at the beginning of a line. Neither 100 %% nor %%d nor %%) is the beginning of a comment.
_PERCENTS_OPEN = lazy_pattern(
    r"(?<![^ \t\n])(?<!\d[ \t])%%(?![-+#0-9.]*[diouxXeEfFgGcsp](?![A-Za-z])|[%.,;:!?)\]}\"'”’，。；：！？）、])"
)
_QUOTES = ('"', "'", "“", "‘")
_RAW_CODE = lazy_pattern(r"<(pre|code|script|style|textarea|svg)(?=[\s/>])", re.I)
_RAW_CODE_END = {
    name: re.compile(rf"</{name}\s*>", re.I) for name in ("pre", "code", "script", "style", "textarea", "svg")
}
_ATTRIBUTE = r"""\s++[a-zA-Z_:@][\w:.-]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?+"""
_TAG = lazy_pattern(rf"</?[a-zA-Z][\w:-]*+(?:{_ATTRIBUTE})*+\s*+/?>|<[a-zA-Z][a-zA-Z0-9+.-]*+:[^\s<>]*+>", re.A)
_DESTINATION = lazy_pattern(r"\]\((?:<[^<>\n]*+>|[^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+)")


@lru_cache(maxsize=1024)  # reading and rendering ask for the scans of all texts of a file, one after the other
def scan(src: str, *, front_matter: bool = False) -> Scan:
    """Return all spans of a note file or of a part of one. `front_matter` says whether it may begin with front matter."""
    page = Page(src)
    front = _front_matter(src) if front_matter else None
    return Scan(tuple(_Walk(page).spans(front)), tuple(page.unclosed))


class _Walk:
    """The state of a scan: the depth of lists, and whether the last line was blank. Both decide what an indent means."""

    def __init__(self, page: Page):
        self.page = page
        self.src = page.src
        self.depth = 0
        self.after_blank = True

    def spans(self, front: Span | None) -> Iterator[Span]:
        """Yield all spans in order. `front` is the span of the front matter."""
        pos = 0
        if front:
            yield front
            pos = front.end
        at_line_start = True
        while pos < len(self.src):
            span = self._block(pos) if at_line_start else None
            at_line_start = False
            if span is None:
                match = _NEXT.search(self.src, pos)
                if match is None:
                    return
                pos = match.start()
                span = self._inline(match)
                if span is None:
                    pos = match.end()
                    at_line_start = match[0] == "\n"
                    if match[0] == "\\":
                        # An escaped line break must still start a line.
                        pos += not self.src.startswith("\n", pos)
            if span is not None:
                yield span
                pos = span.end

    def _block(self, pos: int) -> Span | None:
        """Return the span that opens at the start of a line, or None."""
        src = self.src
        if src[pos].isalpha():
            # Most lines begin so, and no block begins so.
            self.depth = 0 if self.after_blank else self.depth
            self.after_blank = False
            return None
        prefix_match = _PREFIX.match(src, pos)
        text_start = prefix_match.end() if prefix_match else pos
        if text_start == len(src) or src[text_start] == "\n":
            self.after_blank = True
            return None
        _, mark, blanks = src[pos:text_start].expandtabs(4).rpartition(">")
        # The first blank after the mark of a quote is a part of the mark.
        level = max(len(blanks) - len(mark), 0) // 4
        if self.after_blank:
            if level > self.depth and not self._is_first_line(pos):
                return self._indented(pos)
            self.depth = min(self.depth, level)
        if _CONTAINER.match(src, text_start):
            self.depth = level + 1
        self.after_blank = False
        return self._fence(text_start) or math.environment(self.page, text_start)

    def _is_first_line(self, pos: int) -> bool:
        return pos == 0 and not self.src.startswith(("    ", "\t"))

    def _indented(self, pos: int) -> Span:
        end = self.src.find("\n", pos)
        return Span(SpanKind.INDENTED, pos, len(self.src) if end < 0 else end)

    def _fence(self, pos: int) -> Span | None:
        match = _FENCE.match(self.src, pos)
        if match is None:
            return None
        mark, info = (match[1], match[2]) if match[1] else (match[3], match[4])
        closer = re.compile(rf"^[ \t>]*{mark[0]}{{{len(mark)},}}[ \t]*$", re.M).search(self.src, match.end())
        end = closer.end() if closer else len(self.src)
        if closer is None:
            self.page.add_unclosed(pos, "fence-unclosed", f"the code fence {mark} is never closed")
        if info.strip() == "math":
            return Span(
                SpanKind.FORMULA,
                pos,
                end,
                match.end(),
                closer.start() if closer else end,
                self.page.quotes(pos),
                display=True,
            )
        return Span(SpanKind.FENCE, pos, end)

    def _inline(self, match: re.Match[str]) -> Span | None:
        pos = match.start()
        match match[0][0]:
            case "`":
                return self._code(pos, match.end())
            case "<":
                return self._angle(pos)
            case "$":
                double = self.src.startswith("$$", pos)
                return math.double_dollar(self.page, pos) if double else math.dollar(self.page, pos)
            case "\\":
                return math.backslash(self.page, pos)
            case "%":
                return self._percent_comment(pos)
            case "]":
                destination = _DESTINATION.match(self.src, pos)
                return Span(SpanKind.VERBATIM, pos + 1, destination.end()) if destination else None
        return None

    def _code(self, pos: int, end: int) -> Span | None:
        closer = self.page.closing_ticks(end, end - pos)
        return Span(SpanKind.CODE, pos, closer + end - pos) if closer >= 0 else None

    def _angle(self, pos: int) -> Span | None:
        if self.src.startswith("<!--", pos):
            return self._comment(pos)
        tag = _TAG.match(self.src, pos)
        if tag is None:
            return None
        if raw := _RAW_CODE.match(self.src, pos):
            closer = self.page.next(_RAW_CODE_END[raw[1].lower()], tag.end())
            if closer:
                return Span(SpanKind.CODE, pos, closer.end())
        return Span(SpanKind.VERBATIM, pos, tag.end())

    def _comment(self, pos: int) -> Span | None:
        closer = self.page.next(_COMMENT_END, pos + 4)
        if closer is None:
            self.page.add_unclosed(pos, "comment-unclosed", "the comment <!-- is never closed")
            return None
        return Span(SpanKind.COMMENT, pos, closer.end())

    def _percent_comment(self, pos: int) -> Span | None:
        """`%%…%%`, Obsidian's comment: in one paragraph, or of several if both marks are at the ends of their lines.

        `"%%"` is a percent sign of a format string.
        """
        if self.src[max(pos - 1, 0) : pos] in _QUOTES:
            return None
        closer = self.page.next(_PERCENTS, pos + 2)
        within = closer is not None and closer.start() < self.page.paragraph_end(pos)
        if closer is None or not (within or (self.page.starts_line(pos) and self._ends_line(closer.end()))):
            if _PERCENTS_OPEN.match(self.src, pos):
                self.page.add_unclosed(pos, "comment-unclosed", "the comment %% is never closed")
            return None
        has_text = self.src[pos + 2 : closer.start()].strip()
        return Span(SpanKind.COMMENT, pos, closer.end()) if has_text else None

    def _ends_line(self, pos: int) -> bool:
        return self.src[pos : pos + 1] in ("", "\n")


def _front_matter(src: str) -> Span | None:
    """Return the span of the front matter, or None. It is a first block between two lines `---` (YAML) or `+++` (TOML)."""
    match = re.match(r"(---|\+\+\+)[ \t]*\n(?:.*?\n)??(?:\1|\.\.\.)[ \t]*(?=\n|\Z)", src, re.S)
    if match is None or (match[1] == "+++" and not re.match(r"\+\+\+[ \t]*\n\s*(?:#|\[|[\w\"-]+\s*=)", src)):
        return None
    return Span(SpanKind.FRONT_MATTER, 0, match.end())
