"""Compute the expected result of an import from the packages."""

from msgspec import Struct

from deckgen.diff.compare import Diff
from deckgen.package.contents import Package


class ExpectedResult(Struct, frozen=True):
    """The guids of the notes that an import should add (`new`), update, and leave unchanged (`duplicate`)."""

    new: frozenset[str]
    updated: frozenset[str]
    duplicate: frozenset[str]


def expected_result(diff: Diff | None, package: Package) -> ExpectedResult:
    """The expected result of the import of `package`. With a diff, exactly the changed notes are updated.

    `diff` compares the old package with this one. None means an empty collection: all notes are new.
    """
    every = frozenset(note.guid for note in package.notes)
    if diff is None:
        return ExpectedResult(every, frozenset(), frozenset())
    new, changed = frozenset(note.guid for note in diff.added), frozenset(change.new.guid for change in diff.changed)
    return ExpectedResult(new, changed, every - new - changed)
