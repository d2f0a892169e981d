"""Lines that hold tags alone: `#a/b #c`, as Obsidian has them, or `[#a](a.md) [#b]()`, as mdanki has them.

As the last line of an answer they are the note's tags; in no note, the file's.
"""

from collections.abc import Iterator, Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.document import Document
from deckgen.parse.question import RawNote
from deckgen.parse.tool_metadata import without_lines

_NAME = r"[^\s#\[\](){}\"'`,;:.!?]*[^\W\d][^\s#\[\](){}\"'`,;:.!?]*"
_TAG = lazy_pattern(rf"#(?P<plain>{_NAME})|\[#(?P<linked>[^\[\]\n]+)\]\([^()\n]*\)")
_LINE = lazy_pattern(rf"(?:(?:#{_NAME}|\[#[^\[\]\n]+\]\([^()\n]*\))(?:[ \t,]+|$))+")
_DRAFT = "draft"
# Signs of the dialect question-tags, also where it lacks the other half.
_SIGNS = {"question", "answer"}


class TagLine(Struct, frozen=True):
    """A line (1-based) and its tags as they are written, without `#`."""

    line: int
    tags: tuple[str, ...]

    @property
    def draft(self) -> bool:
        """Whether it marks a note or a file as a draft."""
        return _DRAFT in map(str.lower, self.tags)


def tags_of_line(text: str) -> tuple[str, ...]:
    """The tags of a line that holds nothing else; () for any other."""
    text = text.strip()
    if not _LINE.fullmatch(text):
        return ()
    return tuple(match["plain"] or match["linked"].strip() for match in _TAG.finditer(text))


def with_own_tags(document: Document, raw_note: RawNote) -> tuple[RawNote, TagLine | None]:
    """The note with the tags of the last line of its answer in place of that line, and the line."""
    last = max(raw_note.answer.lines, default=0) if "#" in raw_note.answer.source else 0
    line = _tag_line(document, last) if last else None
    if line is None or last == raw_note.question.line:
        return raw_note, None
    bare = without_lines(raw_note, {last})
    # Tags alone are an answer too.
    return (replace(bare, tags=(*raw_note.tags, *line.tags)), line) if bare.answer.source else (raw_note, None)


def tag_lines_outside(document: Document, raw_notes: Sequence[RawNote], marks: Set[int]) -> Iterator[TagLine]:
    """The lines with tags alone that are in no note and that the dialect does not read as `marks` of its own."""
    inside = {number for raw_note in raw_notes for number in raw_note.lines} | marks
    for line in document.lines:
        if line.number not in inside and (found := _tag_line(document, line.number)):
            yield found


def _tag_line(document: Document, number: int) -> TagLine | None:
    line = document.lines[number - 1]
    tags = tags_of_line(line.text) if "#" in line.text and line.open and not line.heading else ()
    return TagLine(number, tags) if tags and not _SIGNS.issuperset(tags) else None
