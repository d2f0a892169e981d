"""A document read as its dialect, and what other dialects read of the lines that it leaves out."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from deckgen.parse.detect import Detected
from deckgen.parse.dialect import Dialect, Found, counted
from deckgen.parse.document import Document
from deckgen.parse.file_tags import is_scheduled
from deckgen.parse.foreign import without_foreign
from deckgen.parse.question import Markup, RawNote, split_attributes
from deckgen.problems import Problem, Severity


class Reading(Struct, frozen=True):
    """The notes of a document in reading order, the lines that only mark them, and problems."""

    notes: tuple[RawNote, ...]
    marks: frozenset[int]
    problems: tuple[Problem, ...]

    @property
    def shown(self) -> frozenset[int]:
        """The numbers of the lines that the notes show."""
        return frozenset(number for note in self.notes for number in note.lines)


def read_as(document: Document, dialect: Dialect, ranked: Sequence[Detected]) -> Reading:
    """Read a document as a dialect, and the notes that it leaves out in those of the `ranked` dialects in which each note has a mark.

    Where the file has a tag or dates for cards of one tool, one note of another dialect of that tool is enough.
    """
    tagged = any(each.dialect is dialect and each.detection.tagged for each in ranked)
    reading = _reading(dialect.read_notes(document))
    for other in ranked:
        together = tagged and other.detection.tagged
        if other.dialect is dialect or not other.usable or not (other.detection.marked or together):
            continue
        taken = reading.shown | reading.marks
        more = _reading(other.dialect.read_notes(document))
        problems = tuple(each for each in more.problems if together and each.line not in taken)
        notes = tuple(note for note in more.notes if note.complete and not note.lines & taken)
        if other.detection.tagged and other.detection.marked:
            missed = _missed(document, reading, more, together=together)
            reading = replace(reading, problems=(*reading.problems, *missed))
        elif other.dialect.fewest == 1 and other.detection.marked:
            reading = replace(reading, problems=(*reading.problems, *_marked_inside(document, reading, more)))
        certain = together or any(_is_dated(document, note) for note in notes)
        if len(notes) >= (1 if certain else other.dialect.fewest):
            reading = _joined(document, reading, replace(more, notes=notes, problems=problems), other.dialect)
    notes, marks = without_foreign(document, _outside_questions(document, reading.notes), reading.marks)
    return replace(reading, notes=notes, marks=reading.marks | marks)


def _missed(document: Document, reading: Reading, more: Reading, *, together: bool) -> Iterator[Problem]:
    """Cards of another dialect that stand in the notes of a reading. Where the two are not read `together`, only a date makes a card certain."""
    taken, asked = reading.shown | reading.marks, {(note.question.line, note.question.source) for note in reading.notes}
    for note in more.notes:
        inside = note.lines & taken and (
            (note.question.line, note.question.source) not in asked or not note.lines <= taken
        )
        if note.complete and inside and (together or _is_dated(document, note)):
            yield document.problem(
                note.question.line,
                "this reads as a card, and is part of another note",
                code="question-missed",
                severity=Severity.WARNING,
                hint="a blank line above and below makes a card of its own",
            )


def _marked_inside(document: Document, reading: Reading, more: Reading) -> Iterator[Problem]:
    """Notes of a dialect of which one mark is enough, that are in the answers of a reading."""
    asked = {note.question.line for note in reading.notes}
    for note in more.notes:
        if note.complete and note.question.line not in asked and note.question.line in reading.shown:
            yield document.problem(
                note.question.line,
                "this reads as a note of another dialect, and is part of the note above it",
                code="question-missed",
                severity=Severity.WARNING,
                hint="write it as the other questions of this file, or move it to another file",
            )


def _is_dated(document: Document, note: RawNote) -> bool:
    """Whether the date of a review stands on a note's lines, or right below."""
    last = max(note.lines)
    return any(is_scheduled(document.lines[number - 1].text) for number in note.lines) or any(
        is_scheduled(line.text) for line in document.lines[last : last + 1]
    )


def _outside_questions(document: Document, notes: Sequence[RawNote]) -> tuple[RawNote, ...]:
    """The notes without headings in their sections that are themselves questions: a question is no section of others."""
    asked = {
        split_attributes(heading.text)[0].strip()
        for note in notes
        if (heading := document.lines[note.question.line - 1].heading)
    }

    def own(note: RawNote) -> RawNote:
        if not asked.intersection(note.section) or document.lines[note.question.line - 1].heading:
            return note
        return replace(note, section=tuple(name for name in note.section if name not in asked))

    return tuple(map(own, notes))


def _reading(found: Iterator[Found]) -> Reading:
    results = tuple(found)
    return Reading(
        tuple(each for each in results if isinstance(each, RawNote)),
        frozenset(number for each in results if isinstance(each, Markup) for number in each.lines),
        tuple(each for each in results if isinstance(each, Problem)),
    )


def _joined(document: Document, reading: Reading, more: Reading, dialect: Dialect) -> Reading:
    """A reading with the notes of another dialect between its own, and the problems that are reported there."""
    notes = more.notes
    first, last = notes[0].question.line, max(notes[-1].lines)
    while first - 1 in more.marks:
        first -= 1
    while last + 1 in more.marks:
        last += 1
    marks = frozenset(number for number in more.marks if first <= number <= last) - reading.shown
    problem = document.problem(
        notes[0].question.line,
        f"from here on {counted(len(notes), 'note is', 'notes are')} in another dialect, {dialect.name}",
        code="dialect-joined",
        severity=Severity.INFO,
    )
    ordered = sorted((*reading.notes, *notes), key=lambda note: note.question.line)
    return Reading(tuple(ordered), reading.marks | marks, (*reading.problems, problem, *more.problems))
