"""Items of lists, what is nested in them, and the properties that Logseq writes below a block."""

import re

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.document import Document
from deckgen.parse.text_parts import part
from deckgen.parse.texts import columns, cut_lines

_ITEM = lazy_pattern(r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_EMPTY = lazy_pattern(r"[ \t]*[-*+][ \t]*$")
_ORG_SIGN = lazy_pattern(r"[ \t]*(?:[-*+][ \t]+)?#\+(?:BEGIN|END)_\w+", re.I)
_PROPERTY = lazy_pattern(
    r"[ \t]*(?:[-*+][ \t]+)?(?P<key>id|collapsed|card-[\w-]+|background-color|heading|logseq\.[\w.-]+|ls-type|hl-[\w-]+|title|alias|oid"
    r"|exclude-from-graph-view|deck|tags)::(?:[ \t]+(?P<value>.*?))?[ \t]*$"
)


class Item(Struct, frozen=True):
    """An item of a list.

    `index` is that of its line, `column` (0-based) where its text begins, `last` the index of the last line that is nested in it. `below`
    is the index of the first item nested in it, None where there is none; the lines above that one go on with its own text.
    """

    index: int
    column: int
    last: int
    below: int | None


class Property(Struct, frozen=True):
    """`key:: value` on the line at `index`."""

    index: int
    key: str
    value: str


def list_item(document: Document, index: int) -> Item | None:
    """The item that begins on the line at `index`."""
    line = document.lines[index]
    match = _ITEM.match(line.text) if line.open else None
    if match is None:
        return None
    indent, last = columns(line.text), index
    for i in range(index + 1, len(document.lines)):
        if document.lines[i].blank:
            continue
        if columns(document.lines[i].text) <= indent:
            break
        last = i
    below = next((i for i in range(index + 1, last + 1) if is_item(document, i)), None)
    return Item(index, match.end(), last, below)


def begins_item(document: Document, index: int) -> bool:
    """Whether an item of a list with text begins on the line at `index`."""
    line = document.lines[index]
    return line.open and _ITEM.match(line.text) is not None


def is_item(document: Document, index: int) -> bool:
    """Whether an item of a list begins on the line at `index`, also an empty one."""
    line = document.lines[index]
    return line.open and bool(_ITEM.match(line.text) or _EMPTY.match(line.text))


def org_signs(document: Document, first: int, last: int) -> frozenset[int]:
    """The numbers of the lines `#+BEGIN_…` and `#+END_…` among those with indices `first` to `last`: Logseq has blocks of Org mode too."""
    return frozenset(i + 1 for i in range(first, last + 1) if _ORG_SIGN.match(document.lines[i].text))


def properties(document: Document, first: int, last: int) -> list[Property]:
    """The properties among the lines with indices `first` to `last`."""
    found = ((i, _PROPERTY.match(document.lines[i].text)) for i in range(first, last + 1) if document.lines[i].open)
    return [Property(i, match["key"], match["value"] or "") for i, match in found if match]


def nested_text(document: Document, first: int, last: int, without: frozenset[int]) -> Text:
    """The lines with indices `first` to `last` without the indentation of the first; one item alone is a text and no list.

    `without` are numbers of lines that are left out.
    """
    first = next((i for i in range(first, last + 1) if not document.lines[i].blank and i + 1 not in without), first)
    item = list_item(document, first)
    if item is None or any(
        is_item(document, i)
        and i + 1 not in without
        and columns(document.lines[i].text) <= columns(document.lines[first].text)
        for i in range(first + 1, last + 1)
    ):
        text = cut_lines(document, first, last, without=without, indent=columns(document.lines[first].text))
    else:
        width = len(document.lines[first].text[: item.column].expandtabs(4))
        text = cut_lines(document, first, last, column=item.column, without=without, indent=width)
    return part(text, 0, len(text.source))
