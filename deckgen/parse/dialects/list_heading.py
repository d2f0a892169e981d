"""Questions as headings in list items: `1. ### question`, and the answer in the item."""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.answer_ends import before_outdented
from deckgen.parse.block_notes import unanswered
from deckgen.parse.bodies import read_body
from deckgen.parse.dialect import Detection, Dialect, Found, detected, line_start
from deckgen.parse.document import Document
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.parse.texts import columns

_ITEM = lazy_pattern(
    r"(?P<marker> {0,3}(?:\d{1,9}[.)]|[-*+])[ \t]+)(?P<signs>#{1,6})[ \t]+(?P<text>\S.*?)(?:[ \t]+#+)?[ \t]*$"
)
FEWEST = 2


def detect(document: Document) -> Detection:
    """How many list items are headings."""
    return detected(
        len(_items(document)),
        FEWEST,
        "list item that is a heading",
        lines=2,
        things="list items that are headings",
        marked=True,
    )


def read_notes(document: Document) -> Iterator[Found]:
    items = _items(document)
    for n, (i, match) in enumerate(items):
        end = items[n + 1][0] if n + 1 < len(items) else len(document.lines)
        stop = _end(document, i, end)
        question, attributes = question_text(match["text"], i + 1, match.start("text") + 1)
        body = read_body(document, i + 1, stop - 1, indent=_indent(document, i, stop, len(match["marker"])))
        yield Markup(body.marks)
        if not body.answer.source:
            yield unanswered(document, i + 1)
            continue
        yield RawNote(question, attributes, body.answer, document.section(i), given=body.given)


def _items(document: Document) -> list[tuple[int, re.Match[str]]]:
    return [(i, match) for i, line in enumerate(document.lines) if line.open and (match := _ITEM.match(line.text))]


def _end(document: Document, item: int, following: int) -> int:
    """The index behind the body of an item: before the next one, a heading, a rule, or a paragraph that is not indented as it is."""
    end = before_outdented(document, item + 1, following)
    return next((i for i in range(item + 1, end) if document.lines[i].heading or document.is_thematic_break(i)), end)


def _indent(document: Document, item: int, end: int, marker: int) -> int:
    """The columns by which the body of an item is indented: those of its first line, at most four or the marker's."""
    first = next((line for line in document.lines[item + 1 : end] if not line.blank), None)
    return min(columns(first.text), max(4, marker)) if first else 0


LIST_HEADING = Dialect(
    "list-heading",
    "1. ### question, then the answer in the item",
    detect,
    read_notes,
    FEWEST,
    sign=line_start(r" {0,3}(?:\d{1,9}[.)]|[-*+])[ \t]+#"),
)
