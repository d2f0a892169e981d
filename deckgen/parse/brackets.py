"""Clozes that other tools write as `[text]`: as Anki writes them, numbered in reading order."""

from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.texts import Cut, rewritten
from deckgen.scan import SpanKind, scan

_BRACKET = lazy_pattern(r"[\[\]]")
_KEPT = {SpanKind.FENCE, SpanKind.INDENTED, SpanKind.CODE, SpanKind.COMMENT, SpanKind.FORMULA}


def with_bracket_clozes(text: Text) -> Text:
    """The text with a cloze for each `[…]` that is no link, no picture, no footnote and no check box."""
    cuts: list[Cut] = []
    for number, (start, end) in enumerate(bracket_clozes(text.source), 1):
        cuts += [(start, start + 1, f"{{{{c{number}::"), (end - 1, end, "}}")]
    return rewritten(text, cuts)


def bracket_clozes(source: str) -> Iterator[tuple[int, int]]:
    """Start and end of each `[…]` of a source that is a cloze, the outermost of those that nest."""
    found = scan(source)
    opened: list[int] = []
    for match in _BRACKET.finditer(source):
        at = match.start()
        span = found.covering(at)
        if (span is not None and span.kind in _KEPT) or source[at - 1 : at] == "\\":
            continue
        if match[0] == "[":
            opened.append(at)
        elif opened:
            start = opened.pop()
            if not opened and _is_cloze(source, start, at + 1):
                yield start, at + 1


def _is_cloze(source: str, start: int, end: int) -> bool:
    inside = source[start + 1 : end - 1]
    linked = source.startswith(("(", "["), end) and not source.startswith("()", end) and source[end : end + 1] == "("
    marked = source[start - 1 : start] == "!" or inside.startswith(("^", "[")) or inside in (" ", "x", "X")
    return bool(inside.strip()) and "\n\n" not in inside and not linked and not marked
