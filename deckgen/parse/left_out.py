"""What a note file holds and no card shows: each character that is no blank is in a note, or in this list with its place."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from enum import StrEnum
from itertools import takewhile

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, Text
from deckgen.parse.definitions import Definitions, lines_of
from deckgen.parse.document import Document, Line
from deckgen.parse.question import split_attributes
from deckgen.parse.tag_lines import tags_of_line
from deckgen.parse.unused_text import is_layout
from deckgen.scan import SpanKind

# What stands before or behind a text on its line and only marks it: signs, `{#id}`, `#tags`, short labels such as `Q01：` and `来源：`.
_SIGNS = lazy_pattern(r"[\W_]*|\W*\{[^{}]*\}\W*|\W*(?:#[\w/-]+\W*)+")
_LABEL = lazy_pattern(r"\W*(?:\w+[ \t]*){1,3}[\W_]+")
_LONGEST_LABEL = 20
# The sign of a callout, before its title.
_CALLOUT = lazy_pattern(r"(?:[ \t]*>)+[ \t]*\[![^\[\]]*\]")
_TAGS = lazy_pattern(r"(?:\W*</?(?:details|summary|p|div|span|center|br|hr|b|strong|i|em|u|h[1-6])\b[^<>]*>)+\W*", re.I)
_BLOCK_ID = lazy_pattern(r"\W*\^[A-Za-z0-9-]+\s*")
_ID_IN_BRACKETS = lazy_pattern(r"\W*\((?P<id>[^()\s]+)\)\W*")
# The id of a deck of md2anki, behind its name.
_DECK_ID = lazy_pattern(r"(?<![ \t])[ \t]++\(\d{6,}\)$")
_GAP = re.compile(rb"\0+")
# What a rewritten cloze has and its source does not: the rest of `{{c1::`, `::` or `}}`.
_CLOZE_SIGNS = lazy_pattern(r"\{{0,2}(?:c?\d+)?::|\}{1,2}")


class Kind(StrEnum):
    """Why a text is on no card. A learner would miss the first three."""

    TEXT = "text"
    QUESTION = "question"
    HEADING = "heading"
    FRONT_MATTER = "front matter"
    COMMENT = "comment"
    DEFINITION = "definition"
    LAYOUT = "layout"
    MARKUP = "markup"
    PLUGIN = "plugin"


MISSED = (Kind.TEXT, Kind.QUESTION, Kind.HEADING)
"""The kinds that a learner would miss. The others say something about notes, or show nothing."""


class LeftOut(Struct, frozen=True):
    """A stretch of one line (1-based, as the column) that is in no note."""

    line: int
    column: int
    kind: Kind
    text: str

    @property
    def signs_alone(self) -> bool:
        """Whether it holds no letter and no digit: `##`, `**`, `+++`, `---`."""
        return not any(map(str.isalnum, self.text))

    @property
    def missed(self) -> bool:
        """Whether a learner would miss it."""
        return self.kind in MISSED


Hidden = tuple[Text, Sequence[tuple[int, int]]]
"""A text of a note, and start and end of stretches of its source."""


class _Lines(Struct, frozen=True):
    """The numbers of lines that say why a text of theirs is left out, and the ids of the file's notes."""

    marks: Set[int]
    questions: Set[int]
    definitions: Set[int]
    ids: Set[str]


def left_out(
    document: Document,
    notes: Sequence[Note],
    known: Definitions,
    marks: Set[int],
    questions: Set[int],
    hidden: Iterable[Hidden] = (),
) -> tuple[LeftOut, ...]:
    """What is in no note, in the order of the file.

    `known` are the file's definitions, `marks` the numbers of the lines that only mark notes, `questions` of those that were reported as
    questions without a note. `hidden` is what a card does not show of the notes' texts.
    """
    coverage = _Coverage(document)
    for note in notes:
        coverage.add_note(note)
    coverage.add_headings({name for note in notes for name in note.section})
    coverage.remove_comments()
    for text, parts in hidden:
        coverage.remove_parts(text, parts)
    texts = [text for note in notes for text in (note.question, *note.body)]
    unused = lines_of(known.unused(texts, (each for note in notes for each in (note.definitions, note.link_targets))))
    coverage.add_lines(known.lines - unused)
    coverage.remove_lines(unused)
    ids = frozenset(note.id for note in notes if note.id)
    lines = _Lines(marks, questions, unused, ids)
    return tuple(
        LeftOut(line.number, start + 1, _kind(document, line, start, end, coverage, lines), line.text[start:end])
        for line in document.lines
        for start, end in coverage.gaps(line)
    )


class _Coverage:
    """Which characters of which lines the notes show."""

    def __init__(self, document: Document):
        self._document = document
        self._shown = [bytearray(len(line.text)) for line in document.lines]
        self._hidden: set[tuple[int, int]] = set()
        self._cloze_signs: set[tuple[int, int]] = set()

    def add_note(self, note: Note) -> None:
        """The texts that the note's fields are made from. The question of a statement is in none."""
        texts = [] if note.statement else [note.question]
        for text in (*texts, *note.body, *([note.source] if note.source else [])):
            self._add(text)

    def add_headings(self, names: Set[str]) -> None:
        """The headings that are sections of notes. A section has no id of a deck behind its name."""
        for i, heading in self._document.headings:
            bare = split_attributes(heading.text)[0]
            without_id = _DECK_ID.sub("", bare.rstrip())
            shown = next((each for each in (bare, without_id) if each.strip() in names), "")
            self._mark(i, heading.column - 1, heading.column - 1 + len(shown))

    def add_lines(self, numbers: Set[int]) -> None:
        for number in numbers:
            self._mark(number - 1, 0, len(self._shown[number - 1]))

    def remove_lines(self, numbers: Set[int]) -> None:
        for number in numbers:
            self._mark(number - 1, 0, len(self._shown[number - 1]), 0)

    def remove_comments(self) -> None:
        """Comments inside of answers: no card shows them."""
        starts = [line.start for line in self._document.lines]
        for span in self._document.scan.spans:
            if span.kind is SpanKind.COMMENT:
                first = bisect_right(starts, span.start) - 1
                for i, text in enumerate(self._document.source[span.start : span.end].split("\n"), first):
                    start = span.start - starts[i] if i == first else 0
                    self._mark(i, start, start + len(text), 0)

    def remove_parts(self, text: Text, parts: Sequence[tuple[int, int]]) -> None:
        """Stretches of a text that no card shows."""
        apart = _joined(parts)
        starts, ends = [start for start, _ in apart], [end for _, end in apart]
        for offset, line, column, piece in text.pieces() if parts else ():
            for start, end in apart[bisect_right(ends, offset) : bisect_left(starts, offset + len(piece))]:
                left, right = max(start - offset, 0), min(end - offset, len(piece))
                if left < right:
                    self._mark_piece(line - 1, column - 1 + left, piece[left:right], 0)
                    self._hidden |= {(line - 1, column - 1 + at) for at in range(left, right)}

    def gaps(self, line: Line) -> Iterator[tuple[int, int]]:
        """Start and end of each stretch of the line that is not shown, without blanks around it."""
        shown = self._shown[line.number - 1]
        for match in _GAP.finditer(shown) if 0 in shown else ():
            text = line.text[match.start() : match.end()]
            if text.strip():
                start = match.start() + len(text) - len(text.lstrip())
                yield start, start + len(text.strip())

    def any_shown(self, line: Line) -> bool:
        """Whether a note shows a character of the line."""
        return any(self._shown[line.number - 1])

    def is_hidden(self, line: Line, column: int) -> bool:
        """Whether the character is in a part of a note's text that no card shows."""
        return (line.number - 1, column) in self._hidden

    def is_cloze_sign(self, line: Line, column: int) -> bool:
        """Whether the character begins a sign of a cloze, for which the card has Anki's sign."""
        before = line.text[:column]
        return any((line.number - 1, at) in self._cloze_signs for at in range(len(before.rstrip()), column + 1))

    def _add(self, text: Text) -> None:
        for _, line, column, piece in text.pieces():
            self._mark_piece(line - 1, column - 1, piece, 1)

    def _mark_piece(self, i: int, column: int, piece: str, value: int) -> None:
        """Mark a piece of the line at index `i`. A dialect that writes it anew has its words somewhere on the line."""
        if not piece.strip() or not 0 <= i < len(self._shown):
            return
        written = self._document.lines[i].text
        if column >= 0 and written.startswith(piece, column):
            self._mark(i, column, column + len(piece), value)
            return
        kept = _kept(piece, written, column)
        self._mark(i, column, column + kept, value)
        if _CLOZE_SIGNS.fullmatch(piece[kept:]):
            self._cloze_signs.add((i, column + kept))
            return
        at = column + kept if kept else 0
        for word in piece[kept:].split():
            found = written.find(word, at)
            if found >= 0:
                self._mark(i, found, found + len(word), value)
                at = found + len(word)

    def _mark(self, i: int, start: int, end: int, value: int = 1) -> None:
        self._shown[i][start:end] = bytes([value]) * (end - start)


def _joined(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches in order. Those that overlap are one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _kept(piece: str, written: str, column: int) -> int:
    """How many characters of a piece stand in the file at `column`, up to the end of a word."""
    pairs = zip(piece, written[column:]) if column >= 0 else ()
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    while 0 < same < len(piece) and piece[same - 1].isalnum() and piece[same].isalnum():
        same -= 1
    return same


def _kind(document: Document, line: Line, start: int, end: int, coverage: _Coverage, lines: _Lines) -> Kind:
    """Why a stretch of a line is left out."""
    text = line.text[start:end]
    span = document.scan.covering(line.start + start)
    if span is not None and span.kind is SpanKind.FRONT_MATTER:
        return Kind.FRONT_MATTER
    if span is not None and span.kind is SpanKind.COMMENT:
        return Kind.COMMENT
    if coverage.is_hidden(line, start):
        return Kind.PLUGIN
    if line.number in lines.definitions:
        return Kind.DEFINITION
    if line.number in lines.marks or coverage.is_cloze_sign(line, start):
        return Kind.MARKUP
    if coverage.any_shown(line) and (_is_mark(line.text, start, text) or _is_id(line.text, start, text, lines.ids)):
        return Kind.MARKUP
    if line.number in lines.questions:
        return Kind.QUESTION
    if line.heading:
        return Kind.HEADING
    if line.open and tags_of_line(line.text):
        return Kind.MARKUP
    return Kind.LAYOUT if is_layout(document, line) else Kind.TEXT


def _is_mark(line: str, start: int, text: str) -> bool:
    """Whether what is left of a line that is on a card only marks the rest of it."""
    begins = not line[:start].strip()
    behind = line[start + len(text) :]
    text = _CALLOUT.sub("", text, count=1) if begins else text
    ended = text if behind[:1].strip() else f"{text} "
    is_label = begins and len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(ended) is not None
    return is_label or any(pattern.fullmatch(text) for pattern in (_SIGNS, _TAGS))


def _is_id(line: str, start: int, text: str, ids: Set[str]) -> bool:
    """Whether what is left at the end of a line is a block id, the id of a deck, or in brackets the id of a note."""
    if line[start + len(text) :].strip():
        return False
    found = _ID_IN_BRACKETS.fullmatch(text)
    return bool(_BLOCK_ID.fullmatch(text) or (found and (found["id"] in ids or _DECK_ID.search(line))))
