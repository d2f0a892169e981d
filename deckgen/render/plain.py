"""A question as plain text, for lists: without Markdown, its formulas as the author wrote them."""

from functools import cache

from markdown import Markdown

from deckgen.model import Note
from deckgen.render.extensions import new_markdown
from deckgen.render.markdown import plain_text
from deckgen.scan import SpanKind, scan

_FIRST = 0xF0000


def plain_question(note: Note) -> str:
    """The text of a note's question on one line. For one thread at a time."""
    source = note.question.source
    parts: list[str] = []
    formulas: dict[str, str] = {}
    pos = 0
    for span in scan(source).spans:
        if span.kind is SpanKind.FORMULA:
            token = chr(_FIRST + len(formulas))
            formulas[token] = " ".join(source[span.start : span.end].split())
            parts += [source[pos : span.start], token]
            pos = span.end
    parts.append(source[pos:])
    text = plain_text(_markdown().reset().convert("\u2060" + " ".join("".join(parts).split("\n"))))
    for token, formula in formulas.items():
        text = text.replace(token, formula)
    return text.replace("\u2060", "").strip()


@cache
def _markdown() -> Markdown:
    return new_markdown()
