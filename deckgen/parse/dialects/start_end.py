"""Blocks of Obsidian_to_Anki: `START`, the note type, the fields, `END`; or on one line `STARTI [Basic] front Back: back ENDI`."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_fields import Content, note_of_fields
from deckgen.parse.dialect import Detection, Dialect, Found, detected
from deckgen.parse.document import Document
from deckgen.parse.field_names import FIELD, FIELD_INSIDE, TYPE, is_front
from deckgen.parse.note_ids import id_behind, id_line
from deckgen.parse.question import Markup, RawNote
from deckgen.parse.text_parts import part, unquoted
from deckgen.parse.texts import cut_lines

_START = lazy_pattern(r"[ \t>]*START[ \t]*$")
_END = lazy_pattern(r"[ \t>]*END[ \t]*$")
_TAGS = lazy_pattern(r"[ \t>]*Tags?[ \t]*[:：](.*)$", re.I)
_TYPE_NAME = lazy_pattern(r"[ \t>]*(?!\d+[.)][ \t])\w[\w ()\[\],+&/.-]{0,60}[\w)\]][ \t]*")
_NOTHING = lazy_pattern(r"[ \t>]*+(?:%%)?[ \t]*+$")
_INLINE = lazy_pattern(r"STARTI[ \t]+(?:\[(?P<type>[^\[\]\n]+)\][ \t]*)?(?P<body>.*?)[ \t]*(?<!\w)ENDI(?!\w)")
_INLINE_TAGS = lazy_pattern(r"(?<![ \t])[ \t]++Tags?:[ \t]*+(?P<tags>[^<]*?)(?:(?<![ \t])[ \t]++)?(?=<!--|$)")


class _Block(Struct, frozen=True):
    """The indices of the lines START and END; `last` is None where the block is never closed."""

    first: int
    last: int | None


def detect(document: Document) -> Detection:
    """Three lines a block: START, END, the note type."""
    found = sum(block.last is not None for block in _blocks(document)) + sum(1 for _ in _inline(document))
    return detected(found, 1, "block from START to END", lines=3, things="blocks from START to END", marked=True)


def read_notes(document: Document) -> Iterator[Found]:
    inline = list(_inline(document))
    for block in _blocks(document):
        while inline and inline[0][0] < block.first:
            yield _inline_note(document, *inline.pop(0))
        if block.last is None:
            yield document.problem(
                block.first + 1,
                "the block START is never closed",
                code="block-unclosed",
                hint="close it with a line END below the note",
            )
        else:
            yield from _note(document, block.first, block.last)
    for index, match in inline:
        yield _inline_note(document, index, match)


def _blocks(document: Document) -> Iterator[_Block]:
    opener: int | None = None
    for i, line in enumerate(document.lines):
        if line.open and _START.match(line.text):
            if opener is not None:
                yield _Block(opener, None)
            opener = i
        elif opener is not None and line.open and _END.match(line.text):
            yield _Block(opener, i)
            opener = None
    if opener is not None:
        yield _Block(opener, None)


def _inline(document: Document) -> Iterator[tuple[int, re.Match[str]]]:
    """The notes on one line, with the indices of their lines, not those in code."""
    for i, line in enumerate(document.lines):
        for match in _INLINE.finditer(line.text) if line.open else ():
            if not document.scan.is_code(line.start + match.start()):
                yield i, match


def _note(document: Document, start: int, end: int) -> Iterator[Found]:
    lines = document.lines
    body = [i for i in range(start + 1, end) if not _NOTHING.match(lines[i].text)]
    marks = {start, end, *(i for i in range(start + 1, end) if _shows_nothing(document, i))}
    identifier: str | None = None
    tags: tuple[str, ...] = ()
    while body:
        found, named = id_line(lines[body[-1]].text), _TAGS.match(lines[body[-1]].text)
        if not found and not named:
            break
        identifier = found or identifier
        tags = (*_words(named[1]), *tags) if named else tags
        marks.add(body.pop())
    kind = ""
    if body and _names_type(document, body):
        kind = lines[body[0]].text.strip(" \t>")
        marks.add(body.pop(0))
    fields = list(_fields(document, body[0], body[-1])) if body else []
    note = note_of_fields(document, start, Content(kind, fields, identifier, tags))
    if isinstance(note, RawNote):
        yield Markup(frozenset(i + 1 for i in marks if not lines[i].blank))
    yield note


def _names_type(document: Document, body: Sequence[int]) -> bool:
    """Whether the first of the lines of a block is the name of a note type, and not the front of a block that has none."""
    first = document.lines[body[0]].text
    if FIELD.match(first):
        return False
    if TYPE.match(first):
        return True
    label = FIELD.match(document.lines[body[1]].text) if len(body) > 1 else None
    return len(body) > 1 and (label is None or is_front(label["name"])) and bool(_TYPE_NAME.fullmatch(first))


def _shows_nothing(document: Document, index: int) -> bool:
    """Whether a line of a block is blank, a sign of a comment, or a label alone."""
    line = document.lines[index]
    label = FIELD.match(line.text) if line.open else None
    return bool(_NOTHING.match(line.text)) or (label is not None and label.end() == len(line.text.rstrip()))


def _fields(document: Document, first: int, last: int) -> Iterator[tuple[str, Text]]:
    """The fields of a block, each with its name; what stands before the first label is the first field."""
    name, begin, column = "", first, 0
    for i in range(first, last + 1):
        line = document.lines[i]
        if line.open and (match := FIELD.match(line.text)):
            if i > begin:
                yield name, _text(document, begin, i - 1, column)
            name, begin, column = match["name"], i, match.end()
    yield name, _text(document, begin, last, column)


def _text(document: Document, first: int, last: int, column: int) -> Text:
    quoted = document.lines[first].text.lstrip(" \t").startswith(">")
    without = {i + 1 for i in range(first, last + 1) if document.lines[i].text.strip(" \t>") == "%%"}
    text = cut_lines(document, first, last, column=column, without=without)
    text = unquoted(text) if quoted else text
    return part(text, 0, len(text.source))


def _inline_note(document: Document, index: int, match: re.Match[str]) -> Found:
    body, column = match["body"], match.start("body") + 1
    identifier: str | None = None
    if found := id_behind(body):
        body, identifier = body[: found[0]], found[1]
    tags: Sequence[str] = ()
    if named := _INLINE_TAGS.search(body):
        body, tags = body[: named.start()], _words(named["tags"])
    fields, name, begin = [], "", 0
    whole = Text(body, index + 1, column)
    for label in FIELD_INSIDE.finditer(body):
        if label.start() > begin:
            fields.append((name, part(whole, begin, label.start())))
        name, begin = label["name"], label.end()
    fields.append((name, part(whole, begin, len(body))))
    return note_of_fields(document, index, Content(match["type"] or "", fields, identifier, tuple(tags)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,，#]+", text))


START_END = Dialect(
    "start-end", "START, the note type, Front: … and Back: …, END", detect, read_notes, sign=re.compile("START")
)
