"""The findings of import tests: an unexpected result, and the package that causes it."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from deckgen.diff.summary import title
from deckgen.package.contents import PackedNote
from deckgen.problems import Severity
from deckgen.verify.import_test import ImportTest, ImportTestRun


class ImportFinding(Struct, frozen=True):
    """An unexpected result, and the package that causes it. `what` names the notes, cards or files that it is about.

    A finding about the new package is an error or a warning. A finding about the old one is a warning: learners have it already.
    """

    severity: Severity
    code: str
    import_test: str
    package: Path
    message: str
    what: tuple[str, ...] = ()


class Titles:
    """The titles of the notes of both packages. Notes are given by guid."""

    def __init__(self, found: ImportTestRun):
        old = found.diff.old.notes if found.diff else ()
        self._notes: dict[str, PackedNote] = {note.guid: note for note in (*old, *found.package.notes)}

    def of(self, guids: Iterable[str]) -> tuple[str, ...]:
        """The titles of the notes with these guids, in the order of the packages."""
        wanted = set(guids)
        return tuple(title(note) for guid, note in self._notes.items() if guid in wanted)

    def cards(self, cards: Iterable[tuple[str, int]]) -> tuple[str, ...]:
        """The titles of cards, with the number of the card. A card is a guid and a 0-based ordinal."""
        return tuple(f"{title(self._notes[guid])} (card {ordinal + 1})" for guid, ordinal in sorted(cards))


def error(code: str, import_test: ImportTest, message: str, what: tuple[str, ...] = ()) -> ImportFinding:
    """An error about the new package."""
    return ImportFinding(Severity.ERROR, code, import_test.name, import_test.package, message, what)


def warning(code: str, import_test: ImportTest, message: str, what: tuple[str, ...] = ()) -> ImportFinding:
    """A warning about the new package."""
    return ImportFinding(Severity.WARNING, code, import_test.name, import_test.package, message, what)


def warning_about_old(code: str, import_test: ImportTest, message: str, what: tuple[str, ...] = ()) -> ImportFinding:
    """A warning about the old package. The import test has one."""
    assert import_test.over
    return ImportFinding(Severity.WARNING, code, import_test.name, import_test.over, message, what)
