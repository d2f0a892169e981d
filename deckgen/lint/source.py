"""Notes that name no source."""

from collections.abc import Iterator, Sequence

from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem, Severity


def without_source(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each note that names no source."""
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


SOURCE_MISSING = Lint("source-missing", without_source)
