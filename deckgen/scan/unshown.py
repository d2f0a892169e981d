"""What note apps keep in their files and a card does not show: comments, block ids, tables of contents, code of plugins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckgen.scan.spans import CODE_KINDS, Scan, Span, SpanKind, blanked

_BLOCK_ID = re.compile(r"^[ \t]*\^[A-Za-z0-9-]+[ \t]*$|(?<![ \t])[ \t]++\^(?!\d+[ \t]*$)[A-Za-z0-9-]{3,}[ \t]*$", re.M)
_CONTENTS = re.compile(r"^[ \t]*(?:\[TOC\]|\[\[_?toc_?\]\])[ \t]*$", re.M | re.I)
# Other template languages have these brackets too: JSP is shown as it is written.
_TEMPLATER = re.compile(r"<%(?:\*|[-_~+]*\s*+(?:await\s++)?tp\.)(?:(?!<%|%>).)*+%>", re.S)
_PLUGIN_FENCE = re.compile(r"[`~]{3,}[ \t]*(dataview|dataviewjs)[ \t]*(?:\n|$)")
_INLINE_QUERY = re.compile(r"`+\s*(?:=\s*this\.|\$=\s*dv\.)")
_COMMENT_MARK = "<!--"


@dataclass(frozen=True, slots=True)
class Unshown:
    """A stretch `[start, end)` of a text that no card shows. `what` names it if the author is told."""

    start: int
    end: int
    what: str = ""


def find_unshown(source: str, found: Scan) -> Iterator[Unshown]:
    """Yield what no card shows of a text, given the scan of it."""
    visible = blanked(source, found, CODE_KINDS | {SpanKind.FORMULA}, "\0")
    for span in found.spans:
        match span.kind:
            case SpanKind.COMMENT:
                yield from _comment(source, span)
            case SpanKind.FENCE if plugin := _PLUGIN_FENCE.match(source, span.start):
                yield Unshown(span.start, span.end, f"{plugin[1]} code")
            case SpanKind.CODE if _INLINE_QUERY.match(source, span.start):
                yield Unshown(span.start, span.end, "a dataview query")
    for match in _TEMPLATER.finditer(visible):
        yield Unshown(match.start(), match.end(), "Templater code")
    for pattern in (_BLOCK_ID, _CONTENTS):
        for match in pattern.finditer(visible):
            yield Unshown(match.start(), match.end())


def _comment(source: str, span: Span) -> Iterator[Unshown]:
    """A comment: `<!-- -->` without a text stays, since authors part lists with it."""
    if not source.startswith(_COMMENT_MARK, span.start) or source[span.start + 4 : span.end - 3].strip():
        yield Unshown(span.start, span.end)
