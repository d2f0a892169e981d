"""What is no error and yet a fault of a note: each lint is a row, and a deck names those that it is held to."""

from collections.abc import Callable, Collection, Iterator, Sequence

from deckgen.lint.length import long_answers, long_questions
from deckgen.lint.repeated import repeated_questions
from deckgen.lint.revealed import revealed_clozes
from deckgen.model import RenderedNote
from deckgen.problems import Problem, Severity


def missing_sources(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each note that does not say where it is from."""
    for item in notes:
        if item.note.source is None:
            yield Problem(
                item.note.file,
                *item.note.question.place(0),
                Severity.WARNING,
                "source-missing",
                "the note names no source",
                "end it with a line: Source: …",
            )


LINTS: dict[str, Callable[[Sequence[RenderedNote]], Iterator[Problem]]] = {
    "question-repeated": repeated_questions,
    "cloze-revealed": revealed_clozes,
    "question-long": long_questions,
    "answer-long": long_answers,
    "source-missing": missing_sources,
}
"""The code of each lint, and what finds its problems in all notes of a deck."""


def lint(notes: Sequence[RenderedNote], codes: Collection[str]) -> Iterator[Problem]:
    """Warnings about the notes of one deck, by the lints of those codes."""
    for code, find in LINTS.items():
        if code in codes:
            yield from find(notes)
