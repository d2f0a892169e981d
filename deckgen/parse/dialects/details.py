"""`<details>` blocks: `<summary>` is the question, or says only that the answer to the question above is folded away in it."""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_notes import block_notes
from deckgen.parse.blocks import FEWEST, Block, detect_blocks, paired_blocks
from deckgen.parse.dialect import Detection, Dialect, Found
from deckgen.parse.document import Document
from deckgen.parse.pairs import Sign, paired
from deckgen.parse.texts import common_indent, cut, rewritten
from deckgen.problems import Problem, Severity

_TAG = lazy_pattern(r"<(?P<close>/?)details\b[^<>]*>", re.I)
_SUMMARY = lazy_pattern(r"\s*<summary\b[^<>]*>(?P<title>.*?)</summary\s*>", re.I | re.S)
# What a summary is dressed in as a whole, and tags that only end lines.
_DRESS = lazy_pattern(
    r"\s*<(?P<tag>h[1-6]|b|strong|em|i|u|p|font|span|big|code)\b[^<>]*>(?P<inner>(?:(?!<(?P=tag)\b).)*)</(?P=tag)\s*>\s*",
    re.I | re.S,
)
_BREAK = lazy_pattern(r"(?:(?<!\s)\s++)?<br\s*+/?>\s*+", re.I)
_BOLD = lazy_pattern(r"\s*(\*\*|__)(?P<inner>(?:(?!\1).)+)\1\s*", re.S)
_WRAPPER = lazy_pattern(r"[ \t]*(?:</?p(?:\s[^<>]*)?>|<br ?/?>)[ \t]*")


def detect(document: Document) -> Detection:
    """How many blocks are answers, or have a question as their summary."""
    return detect_blocks(document, find_blocks(document), "<details> block")


def read_notes(document: Document) -> Iterator[Found]:
    yield from _unpaired(document)
    yield from block_notes(document, find_blocks(document))


def find_blocks(document: Document) -> tuple[Block, ...]:
    """The blocks of a document that are closed, with those inside them."""
    return paired_blocks(document, _signs(document), _block)


def _signs(document: Document) -> Iterator[Sign]:
    for tag in _TAG.finditer(document.source):
        if not document.scan.is_code(tag.start()):
            yield Sign(tag.start(), tag.end(), bool(tag["close"]))


def _unpaired(document: Document) -> Iterator[Problem]:
    for sign in paired(document, _signs(document))[1]:
        line, column = Text(document.source, 1).place(sign.start)
        tag = document.source[sign.start : sign.end]
        if sign.closes:
            message, hint = f"{tag} closes nothing", "delete it"
            yield document.problem(
                line, message, code="block-stray", column=column, severity=Severity.WARNING, hint=hint
            )
        else:
            message, hint = f"{tag} is never closed", "close it with </details>"
            yield document.problem(line, message, code="block-unclosed", column=column, hint=hint)


def _block(document: Document, opener: Sign, closer: Sign, inner: tuple[Block, ...]) -> Block:
    start, end = opener.start, closer.end
    summary = _SUMMARY.match(document.source, opener.end, closer.start)
    body = summary.end() if summary else opener.end
    first, last = document.line_at(start) - 1, document.line_at(end - 1) - 1
    inside = range(document.line_at(body), document.line_at(closer.start))
    wrappers = {i + 1 for i in inside if document.lines[i].open and _WRAPPER.fullmatch(document.lines[i].text)}
    structure = {i + 1 for i in range(first, last + 1) if _shows_nothing(document, i, start, body, closer)}
    indent = common_indent(document, document.line_at(body), document.line_at(closer.start) - 2)
    title = _title(document, summary) if summary else None
    return Block(start, end, title, body, closer.start, frozenset(wrappers | structure), first, last, indent, inner)


def _shows_nothing(document: Document, i: int, start: int, body: int, closer: Sign) -> bool:
    """Whether a line of a block has nothing but its tags."""
    line = document.lines[i]
    end = line.start + len(line.text)
    tags = max(0, min(body, end) - max(start, line.start)) + max(
        0, min(closer.end, end) - max(closer.start, line.start)
    )
    return bool(tags) and tags >= len(line.text.strip())


def _title(document: Document, summary: re.Match[str]) -> Text:
    """The summary without the tags and the bold type around all of it, and with blanks for line breaks."""
    start, end = summary.span("title")
    while match := next((m for p in (_DRESS, _BOLD) if (m := p.fullmatch(document.source, start, end))), None):
        start, end = match.span("inner")
    text = cut(document, start, end)
    return rewritten(
        text, [(match.start(), match.end(), " ") for match in _BREAK.finditer(text.source) if "\n" not in match[0]]
    )


DETAILS = Dialect(
    "details",
    "<details><summary>question</summary> answer </details>",
    detect,
    read_notes,
    FEWEST,
    sign=re.compile("<details", re.I),
)
