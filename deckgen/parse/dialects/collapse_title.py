"""Collapse blocks of Hexo's Shoka theme whose title is the question: `+++info question`, the answer, `+++`."""

from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_notes import block_notes
from deckgen.parse.blocks import FEWEST, Block, detect_blocks, paired_blocks
from deckgen.parse.dialect import Detection, Dialect, Found, line_start
from deckgen.parse.document import Document, Line
from deckgen.parse.pairs import Sign, paired
from deckgen.problems import Severity

_OPENER = lazy_pattern(
    r"\+\+\+[ \t]*(?:(?:info|primary|success|warning|danger|default)(?![\w-])[ \t]*)?(?P<title>.*?)[ \t]*$"
)


def detect(document: Document) -> Detection:
    """How many blocks have a title. Those without one are answers to the headings above them."""
    blocks = find_blocks(document)
    if not any(block.title for block in blocks):
        return Detection()
    return detect_blocks(document, blocks, "+++ block", any_title=True)


def read_notes(document: Document) -> Iterator[Found]:
    for sign in paired(document, _signs(document))[1]:
        line = document.line_at(sign.start)
        if sign.closes:
            yield document.problem(
                line, "+++ closes nothing", code="block-stray", severity=Severity.WARNING, hint="delete the line"
            )
        else:
            yield document.problem(
                line,
                "the block +++ is never closed",
                code="block-unclosed",
                hint="close it with a line +++ before the next question",
            )
    yield from block_notes(document, find_blocks(document), any_title=True)


def find_blocks(document: Document) -> tuple[Block, ...]:
    """The blocks of a document that are closed, with those inside them."""
    return paired_blocks(document, _signs(document), _block)


def _signs(document: Document) -> Iterator[Sign]:
    for line in document.lines:
        if line.open and _OPENER.match(line.text):
            yield Sign(line.start, line.start + len(line.text), not line.text.strip("+ \t"))


def _block(document: Document, opener: Sign, closer: Sign, inner: tuple[Block, ...]) -> Block:
    first, last = document.line_at(opener.start), document.line_at(closer.start)
    body = min(opener.end + 1, closer.start)
    return Block(
        opener.start,
        closer.end,
        _title(document.lines[first - 1]),
        body,
        closer.start,
        frozenset((first, last)),
        first - 1,
        last - 1,
        inner=inner,
    )


def _title(line: Line) -> Text | None:
    match = _OPENER.match(line.text)
    return Text(match["title"], line.number, match.start("title") + 1) if match and match["title"] else None


COLLAPSE_TITLE = Dialect(
    "collapse-title",
    "+++info question, then the answer, then +++",
    detect,
    read_notes,
    FEWEST,
    sign=line_start(r"\+{3}"),
)
