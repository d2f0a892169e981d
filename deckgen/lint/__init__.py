"""What is no error and yet a weakness of a note. Each lint is a row (`Lint`) in a module of this folder; nothing else names it."""

from collections.abc import Collection, Iterator, Sequence

from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem
from deckgen.tables import rows_of

LINTS = {row.name: row for row in rows_of(__name__, __path__, Lint)}
# What is nearly always a mistake; the others are taste.
USUAL_LINTS = tuple(row.name for row in LINTS.values() if row.usual)


def lint(notes: Sequence[RenderedNote], codes: Collection[str]) -> Iterator[Problem]:
    """Warnings about the notes of one deck, by the lints of those codes."""
    for code, row in LINTS.items():
        if code in codes:
            yield from row.find(notes)
