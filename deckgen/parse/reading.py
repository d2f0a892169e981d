"""A document read as its dialect, and what other dialects read of the lines that it leaves out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from deckgen.parse.detect import Detected
from deckgen.parse.dialect import Dialect, Found, counted
from deckgen.parse.document import Document
from deckgen.parse.foreign import without_foreign
from deckgen.parse.question import Markup, RawNote, split_attributes
from deckgen.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Reading:
    """The notes of a document in reading order, the lines that only mark them, and problems."""

    notes: tuple[RawNote, ...]
    marks: frozenset[int]
    problems: tuple[Problem, ...]

    @property
    def shown(self) -> frozenset[int]:
        """The numbers of the lines that the notes show."""
        return frozenset(number for note in self.notes for number in note.lines)


def read_as(document: Document, dialect: Dialect, ranked: Sequence[Detected]) -> Reading:
    """Read a document as a dialect. Notes in another of the `ranked` dialects are read too where each has a mark and this one leaves them out."""
    reading = _reading(dialect.read_notes(document))
    for other in ranked:
        if other.dialect is dialect or not other.usable or not other.detection.marked:
            continue
        taken = reading.shown | reading.marks
        more = _reading(other.dialect.read_notes(document))
        notes = tuple(note for note in more.notes if note.complete and not note.lines & taken)
        if len(notes) >= max(2, other.dialect.fewest):
            reading = _joined(document, reading, more, notes, other.dialect)
    notes, marks = without_foreign(document, _outside_questions(document, reading.notes))
    return replace(reading, notes=notes, marks=reading.marks | marks)


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


def _joined(
    document: Document, reading: Reading, more: Reading, notes: tuple[RawNote, ...], dialect: Dialect
) -> Reading:
    """A reading with notes of another dialect between its own."""
    first, last = notes[0].question.line, max(notes[-1].lines)
    marks = frozenset(number for number in more.marks if first <= number <= last) - reading.shown
    problem = document.problem(
        first,
        f"from here on {counted(len(notes), 'note is', 'notes are')} in another dialect, {dialect.name}",
        code="dialect-joined",
        severity=Severity.INFO,
    )
    ordered = sorted((*reading.notes, *notes), key=lambda note: note.question.line)
    return Reading(tuple(ordered), reading.marks | marks, (*reading.problems, problem))
