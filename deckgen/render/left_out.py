"""What note apps keep in their files and a card does not show: comments, block ids, tables of contents, code of plugins."""

import re
from collections.abc import Iterator

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, Text
from deckgen.problems import Problem, Severity
from deckgen.scan import CODE_KINDS, Scan, Span, SpanKind, scan

_BLOCK_ID = lazy_pattern(
    r"^[ \t]*\^[A-Za-z0-9-]+[ \t]*$|(?<![ \t])[ \t]++\^(?!\d+[ \t]*$)[A-Za-z0-9-]{2,}[ \t]*$", re.M
)
_CONTENTS = lazy_pattern(r"^[ \t]*(?:\[TOC\]|\[\[_?toc_?\]\])[ \t]*$", re.M | re.I)
# Other template languages have these brackets too: JSP is shown as it is written.
_TEMPLATER = lazy_pattern(r"<%(?:\*|[-_~+]*\s*+(?:await\s++)?tp\.)(?:(?!<%|%>).)*+%>", re.S)
_PLUGIN_FENCE = lazy_pattern(r"[`~]{3,}[ \t]*(dataview|dataviewjs)[ \t]*(?:\n|$)")
_INLINE_QUERY = lazy_pattern(r"`+\s*(?:=\s*this\.|\$=\s*dv\.)")
_COMMENT_MARK = "<!--"
# Each part that is left out has one of these signs, or a `^` before the end of its line.
_SIGN = lazy_pattern(r"<!--|%%|<%|toc|dataview|(?:this|dv)\.|\^[A-Za-z0-9-]+[ \t]*$", re.M | re.I)
UNSEEN = CODE_KINDS | {SpanKind.FORMULA}
"""What Markdown does not read."""


class LeftOut(Struct, frozen=True):
    """A stretch `[start, end)` of a text that no card shows. `what` names it if the author is told."""

    start: int
    end: int
    what: str = ""

    def problem(self, note: Note, text: Text) -> Problem:
        """The message at its place."""
        message, hint = f"{self.what} is left out: a card cannot run it", "write what it shows"
        return Problem(note.file, *text.place(self.start), Severity.WARNING, "plugin-code", message, hint)


def parts_left_out(text: Text) -> Iterator[LeftOut]:
    """What is left out of a text of a note."""
    if not _SIGN.search(text.source):
        return
    found = scan(text.source)
    yield from left_out(text.source, found.blanked(text.source, UNSEEN, "\0"), found)


def left_out(source: str, visible: str, found: Scan) -> Iterator[LeftOut]:
    """Yield what is left out of a text. `visible` is the source with NUL for code, comments and formulas."""
    for span in found.spans:
        match span.kind:
            case SpanKind.COMMENT:
                yield from _comment(source, span)
            case SpanKind.FENCE if plugin := _PLUGIN_FENCE.match(source, span.start):
                yield LeftOut(span.start, span.end, f"{plugin[1]} code")
            case SpanKind.CODE if _INLINE_QUERY.match(source, span.start):
                yield LeftOut(span.start, span.end, "a dataview query")
    for match in _TEMPLATER.finditer(visible):
        yield LeftOut(match.start(), match.end(), "Templater code")
    for sign, pattern in (("^", _BLOCK_ID), ("[", _CONTENTS)):
        for match in pattern.finditer(visible) if sign in visible else ():
            yield LeftOut(match.start(), match.end())


def _comment(source: str, span: Span) -> Iterator[LeftOut]:
    """A comment: `<!-- -->` without a text stays, since authors part lists with it."""
    if not source.startswith(_COMMENT_MARK, span.start) or source[span.start + 4 : span.end - 3].strip():
        yield LeftOut(span.start, span.end)
