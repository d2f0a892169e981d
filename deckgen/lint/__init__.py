"""Weaknesses of notes that are not errors. Each lint is a row (`Lint`) in a module of this folder; nothing else names it."""

from collections.abc import Collection, Iterator, Sequence

from deckgen.lint.row import Lint
from deckgen.model import RenderedNote
from deckgen.problems import Problem
from deckgen.tables import rows_of

LINTS = {row.name: row for row in rows_of(__name__, __path__, Lint)}
# The lints that are nearly always right. The others are a matter of taste.
USUAL_LINTS = tuple(row.name for row in LINTS.values() if row.usual)


def lint(notes: Sequence[RenderedNote], codes: Collection[str]) -> Iterator[Problem]:
    """The problems that the lints with these codes find in the notes of one deck."""
    for code, row in LINTS.items():
        if code in codes:
            yield from row.find(notes)
