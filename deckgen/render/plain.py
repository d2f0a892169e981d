"""A question as plain text, for lists: without Markdown, its formulas as the author wrote them."""

import re
from collections.abc import Iterator
from functools import cache

from markdown import Markdown

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note
from deckgen.render.extensions import new_markdown
from deckgen.render.html import plain_text
from deckgen.render.unknown_tags import unknown_tags
from deckgen.scan import SpanKind, scan

_FIRST = 0xF0000
# As text without marks, O(n^2^) would be O(n2).
_RAISED = lazy_pattern(r"</?(sup|sub)>")
_MARKS = {"sup": "^", "sub": "~"}
# So many asterisks that nothing closes: bold type that an editor has broken.
_BROKEN = lazy_pattern(r"(?<!\*)(\*{4,})(?!\*)(?!.*(?<!\*)\1(?!\*)).*", re.S)


def plain_question(note: Note) -> str:
    """The text of a note's question on one line. For one thread at a time."""
    source = note.question.source
    parts: list[str] = []
    formulas: dict[str, str] = {}
    pos = 0
    for start, end in sorted(_as_written(source)):
        if start >= pos:
            token = chr(_FIRST + len(formulas))
            formulas[token] = " ".join(source[start:end].split())
            parts += [source[pos:start], token]
            pos = end
    parts.append(source[pos:])
    html = _markdown().reset().convert("\u2060" + " ".join("".join(parts).split("\n")))
    text = plain_text(_RAISED.sub(lambda tag: _MARKS[tag[1]], html))
    for token, formula in formulas.items():
        text = text.replace(token, formula)
    return text.replace("\u2060", "").strip()


def _as_written(source: str) -> Iterator[tuple[int, int]]:
    """Start and end of what a list shows as it is written: formulas, tags that are none, and what follows broken bold type."""
    found = scan(source)
    yield from ((span.start, span.end) for span in found.spans if span.kind is SpanKind.FORMULA)
    yield from unknown_tags(source, found)
    if broken := _BROKEN.search(source):
        yield broken.span()


@cache
def _markdown() -> Markdown:
    return new_markdown()
