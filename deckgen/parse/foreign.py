"""What other tools leave at notes: ids, which become the notes' own, review dates, and links back to the top of the page. None reaches a card."""

import re
from collections.abc import Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.back_links import leads_back
from deckgen.parse.document import Document
from deckgen.parse.question import RawNote
from deckgen.parse.texts import Cut, rewritten, trimmed
from deckgen.scan import Scan, SpanKind, scan

_NAME = r"(?:note[ _-]?id|noteid|nid|anki[ _-]?(?:note[ _-]?)?id|card[ _-]?id|id)"
_ID_COMMENT = lazy_pattern(
    rf"<!--[ \t]*(?:{_NAME}[ \t]*[:=][ \t]*(?P<id>[\w.-]+)|note_key[ \t]*:[ \t]*(?P<key>[\w.-]+))[ \t]*-->", re.I
)
_DATES = lazy_pattern(r"<!--[ \t]*SR:[^\n]*?-->")
_UUID = lazy_pattern(r"(?:(?<![ \t])[ \t]++)?\((?P<id>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\)[ \t]*$", re.I)
# Behind a text it has a letter and two signs or more: `2 ^10` is no id.
_BLOCK_ID = lazy_pattern(
    r"(?:^[ \t]*|(?<![ \t])[ \t]++(?=\^(?!\d+[ \t]*$)[A-Za-z0-9-]{2,}[ \t]*$))\^(?P<id>[A-Za-z0-9-]+)[ \t]*$"
)
_ID_LINE = lazy_pattern(
    rf"[ \t]*(?:{_NAME}[ \t]*[:：][ \t]*(?P<id>\d{{6,}}|[\w-]{{8,}}\d[\w-]*)|%%[ \t]*(?P<hidden>\d{{10,}})[ \t]*%%)[ \t]*$",
    re.I,
)
_META_KEYS = {"noteid", "note_id", "note-id", "ankiid", "anki_id", "anki-id"}


class _Cleaned(Struct, frozen=True):
    """A text without what a tool left in it, its id there, the id for the next note, and the numbers of lines that held nothing else."""

    text: Text
    id: str | None = None
    key: str | None = None
    marks: frozenset[int] = frozenset()


def without_foreign(
    document: Document, notes: Sequence[RawNote], read: Set[int] = frozenset()
) -> tuple[tuple[RawNote, ...], frozenset[int]]:
    """The notes with the ids that other tools gave them, in the order of the file, and the numbers of the lines that held nothing else.

    `read` are the numbers of lines that the dialect itself has read: the ids there are those of its notes.
    """
    cleaned: list[RawNote] = []
    marks: set[int] = set()
    for n, note in enumerate(notes):
        above = _key_above(document, note, notes[n - 1] if n else None, read)
        question, answer = _question(note.question), _answer(note.answer)
        below = _id_below(document, note, notes[n + 1] if n + 1 < len(notes) else None, read)
        found = next(filter(None, (above, question.id, answer.id, below and below[0])), None)
        marks |= question.marks | answer.marks | ({below[1]} if below and below[1] else set())
        own = note.attributes.id or found
        if (question.text, answer.text, own) != (note.question, note.answer, note.attributes.id):
            attributes = replace(note.attributes, id=own)
            note = replace(note, question=question.text, answer=answer.text, attributes=attributes)
        cleaned.append(note)
    if len(cleaned) == 1 and not cleaned[0].attributes.id and (own := _id_of_file(document)):
        cleaned[0] = replace(cleaned[0], attributes=replace(cleaned[0].attributes, id=own))
    return tuple(cleaned), frozenset(marks)


def _id_of_file(document: Document) -> str | None:
    """The id that the front matter has for the only note of a file."""
    found = (value for key, value in document.meta.items() if str(key).lower() in _META_KEYS)
    return next(
        (str(value) for value in found if isinstance(value, str | int) and str(value).split() == [str(value)]), None
    )


def _question(text: Text) -> _Cleaned:
    """A question without the id at its end, or in a comment."""
    text, found, _ = _without_comments(text)
    for find in (_UUID.search, _block_id):
        if match := find(text.source):
            found = found or match["id"]
            text = rewritten(text, [(match.start(), len(text.source), "")])
    return _Cleaned(trimmed(text), found)


def _block_id(text: str) -> re.Match[str] | None:
    """The id of a block at the end of a text. It begins with the last `^`, so nothing else is searched."""
    return _BLOCK_ID.match(text, len(text[: max(text.rfind("^"), 0)].rstrip(" \t")))


def _answer(text: Text) -> _Cleaned:
    """An answer without the id, the review dates and the link to the top that stand at its end."""
    text, found, _ = _without_comments(text)
    text, marks = trimmed(text), set[int]()
    source, end = text.source, len(text.source)
    number = text.line + source.count("\n")
    code: Scan | None = None
    while end:
        start = source.rfind("\n", 0, end) + 1
        last = source[start:end]
        block, line = _block_id(last), _ID_LINE.match(last)
        if not (block or line or leads_back(last)):
            break
        code = code or scan(source)
        if code.is_code(start):
            break
        if block or line:
            found = found or (block["id"] if block else line["id"] or line["hidden"] if line else None)
        cut = start + block.start() if block else start
        if not source[start:cut].strip():
            marks.add(number)
        cut = len(source[:cut].rstrip())
        number -= source.count("\n", cut, end)
        end = cut
    return _Cleaned(
        rewritten(text, [(end, len(source), "")] if end < len(source) else []), found, marks=frozenset(marks)
    )


def _without_comments(text: Text) -> tuple[Text, str | None, str | None]:
    """A text without comments that hold ids or dates; the id for this note, and the key of one."""
    if "<!--" not in text.source:
        return text, None, None
    cuts: list[Cut] = []
    found = key = None
    for span in scan(text.source).spans:
        if span.kind is not SpanKind.COMMENT:
            continue
        comment = text.source[span.start : span.end]
        if match := _ID_COMMENT.fullmatch(comment):
            found, key = found or match["id"], key or match["key"]
        elif not _DATES.fullmatch(comment):
            continue
        cuts.append((span.start, span.end, ""))
    return rewritten(text, cuts), found, key


def _key_above(document: Document, note: RawNote, before: RawNote | None, read: Set[int]) -> str | None:
    """The key in a comment above a question, where only blank lines and comments are between."""
    floor = before.question.line if before else 0
    for line in reversed(document.lines[floor : note.question.line - 1]):
        if line.number in read:
            return None
        if match := _ID_COMMENT.search(line.text):
            return match["key"]
        if not line.blank and not line.text.lstrip().startswith("<!--"):
            return None
    return None


def _id_below(document: Document, note: RawNote, after: RawNote | None, read: Set[int]) -> tuple[str, int] | None:
    """The id in a comment or a line right below a note, and the number of that line."""
    end = after.question.line - 1 if after else len(document.lines)
    for line in document.lines[max(note.lines) : end]:
        if line.number in note.lines or line.blank:
            continue
        if line.number in read and _ID_COMMENT.match(line.text.strip()):
            return None
        if match := _ID_COMMENT.match(line.text.strip()):
            return (match["id"], line.number) if match["id"] else None
        alone = _BLOCK_ID.fullmatch(line.text) or _ID_LINE.match(line.text)
        if alone is not None:
            return next(value for value in alone.groupdict().values() if value), line.number
        if not line.text.startswith(("<!--", "+++", "</", "END")):
            return None
    return None
