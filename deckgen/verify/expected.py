"""What an import should do, by the packages alone."""

from dataclasses import dataclass

from deckgen.diff.compare import Diff
from deckgen.package.contents import Package


@dataclass(frozen=True, slots=True)
class ExpectedResult:
    """The guids of the notes that an import should add, update and leave unchanged."""

    new: frozenset[str]
    updated: frozenset[str]
    duplicate: frozenset[str]


def expected_result(diff: Diff | None, package: Package) -> ExpectedResult:
    """The expected result of importing `package`. Without a diff every note is new; with one, exactly the changed notes are updated."""
    every = frozenset(note.guid for note in package.notes)
    if diff is None:
        return ExpectedResult(every, frozenset(), frozenset())
    new, changed = frozenset(note.guid for note in diff.added), frozenset(change.new.guid for change in diff.changed)
    return ExpectedResult(new, changed, every - new - changed)
