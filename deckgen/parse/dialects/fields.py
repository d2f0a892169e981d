"""Notes with many fields: a heading of level 2, then a paragraph or more below the label of each field, `**Name:**`.

`deckgen import` writes it. It reads nothing as a number, a source or a property of another tool, so that every text of a field can be written.
"""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document
from deckgen.parse.question import Markup, RawNote, split_attributes
from deckgen.parse.texts import cut_lines

LEVEL = 2
# The first paragraph may have these two labels, each once. A field with one of these names has its label below.
_ABOUT = lazy_pattern(r"\*\*(?P<name>Tags|Deck):\*\*(?P<value>(?:[ \t].*)?)$")
_LABEL = lazy_pattern(r"\*\*[^*\n]+:\*\*(?:[ \t]|$)")


def detect(document: Document) -> Detection:
    """Headings with a type and a label below them."""
    found = sum(
        bool(split_attributes(document.lines[first].heading.text)[1].classes)  # type: ignore[union-attr]
        and any(line.open and _LABEL.match(line.text) for line in document.lines[first + 1 : last + 1])
        for first, last in _notes(document)
    )
    return Detection(2 * found, counted(found, "heading with labels of fields", "headings with labels of fields"))


def read_notes(document: Document) -> Iterator[Found]:
    for first, last in _notes(document):
        heading = document.lines[first].heading
        assert heading is not None, "_notes yields the lines of headings"
        text, attributes = split_attributes(heading.text)
        body = next((i for i in range(first + 1, last + 1) if not document.lines[i].blank), last + 1)
        about: dict[str, str] = {}
        lines = []
        while body <= last and (match := _ABOUT.match(document.lines[body].text)) and match["name"] not in about:
            about[match["name"]] = match["value"].strip()
            lines.append(body + 1)
            body += 1
        yield Markup(frozenset(lines))
        answer = cut_lines(document, body, last) if body <= last else Text("", first + 1)
        yield RawNote(
            Text(text.strip(), first + 1, heading.column),
            attributes,
            answer,
            document.section(first, LEVEL),
            tags=tuple(about.get("Tags", "").split()),
            deck=about.get("Deck", ""),
        )


def _notes(document: Document) -> Iterator[tuple[int, int]]:
    """Yield the index of the heading of each note, and of its last line."""
    starts = [i for i, heading in document.headings if heading.level <= LEVEL]
    for first, following in zip(starts, [*starts[1:], len(document.lines)]):
        heading = document.lines[first].heading
        if heading is not None and heading.level == LEVEL:
            yield first, following - 1


FIELDS = Dialect(
    "fields",
    "## title {.type}, then **Field:** and its text for each field",
    detect,
    read_notes,
    named_only=True,
    sign=re.compile(r":\*\*"),
)
