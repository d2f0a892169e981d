"""Collapsible admonitions of MkDocs: `??? question "title"` with the answer below it, or `??? success "Answer"` below the question."""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_notes import block_notes
from deckgen.parse.blocks import FEWEST, Block, detect_blocks, with_repeated_titles
from deckgen.parse.dialect import Detection, Dialect, Found, line_start
from deckgen.parse.document import Document
from deckgen.parse.texts import columns

_OPENER = lazy_pattern(
    r'[ \t]*\?\?\?\+?[ \t]*(?P<types>[\w-]+(?:[ \t]+[\w-]+)*)?[ \t]*(?:"(?P<title>.*)"|“(?P<curly>.*)”)?[ \t]*$'
)
_UNQUOTED = lazy_pattern(r"[ \t]*\?\?\?\+?[ \t]+[\w-]+[ \t]+(?P<title>\S.*[?？])[ \t]*$")
_ENDS = lazy_pattern(r"[ \t]*(?:\?\?\?\+?[ \t]+\S|!!!\+?[ \t]+\S|#{1,6}[ \t])")
_STEP = 4


def detect(document: Document) -> Detection:
    """How many blocks are answers, or have a question as their title."""
    return detect_blocks(document, find_blocks(document), "??? block")


def read_notes(document: Document) -> Iterator[Found]:
    return block_notes(document, find_blocks(document))


def find_blocks(document: Document) -> tuple[Block, ...]:
    """The blocks of a document, with those inside them."""
    openers = [i for i, line in enumerate(document.lines) if line.open and _opener(line.text)]
    indented = any(_indented_end(document, i) > i for i in openers)
    blocks: list[Block] = []
    for i in reversed(openers):
        last = _indented_end(document, i)
        if last == i:
            last = _plain_end(document, i, blank=not indented)
        inner = tuple(block for block in blocks if block.first <= last)
        blocks = [_block(document, i, last, inner), *blocks[len(inner) :]]
    return with_repeated_titles(blocks)


def _opener(text: str) -> re.Match[str] | None:
    """The opener that a line is, not the three signs alone."""
    match = _OPENER.match(text) or _UNQUOTED.match(text)
    return match if match and text.strip(" \t?+") else None


def _block(document: Document, opener: int, last: int, inner: tuple[Block, ...]) -> Block:
    line, end = document.lines[opener], document.lines[last]
    body = min(line.start + len(line.text) + 1, len(document.source))
    indent = columns(line.text)
    below = next((each for each in document.lines[opener + 1 : last + 1] if not each.blank), None)
    if below is not None and columns(below.text) >= indent + _STEP:
        indent += _STEP
    stop = max(body, end.start + len(end.text))
    return Block(
        line.start, stop, _title(document, opener), body, stop, frozenset((opener + 1,)), opener, last, indent, inner
    )


def _title(document: Document, opener: int) -> Text | None:
    text = document.lines[opener].text
    match = _opener(text)
    assert match is not None
    group = next((name for name in ("title", "curly") if match.groupdict().get(name) is not None), "types")
    words = match[group] or ""
    return (
        Text(words.strip(), opener + 1, match.start(group) + 1 + len(words) - len(words.lstrip()))
        if words.strip()
        else None
    )


def _indented_end(document: Document, opener: int) -> int:
    """The index of the last line of the body that is indented below an opener, the opener's where there is none."""
    least, last = columns(document.lines[opener].text) + _STEP, opener
    for i in range(opener + 1, len(document.lines)):
        line = document.lines[i]
        if line.blank:
            continue
        if columns(line.text) < least:
            break
        last = i
    return last


def _plain_end(document: Document, opener: int, *, blank: bool) -> int:
    """The index of the last line of a body that lost its indentation: the paragraph below the opener, `blank` lines between or not."""
    first = opener + 1
    while blank and first < len(document.lines) and document.lines[first].blank:
        first += 1
    last = opener
    for i in range(first, len(document.lines)):
        line = document.lines[i]
        if line.blank and (line.open or i == first):
            break
        if line.open and _ENDS.match(line.text):
            break
        last = i
    return last


ADMONITION = Dialect(
    "admonition",
    '??? question "title", then the answer indented',
    detect,
    read_notes,
    FEWEST,
    sign=line_start(r"[ \t]*\?{3}"),
)
