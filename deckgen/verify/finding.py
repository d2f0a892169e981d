"""What an import test finds: an unexpected outcome, and the package that causes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckgen.diff.summary import title
from deckgen.package.contents import PackedNote
from deckgen.problems import Severity
from deckgen.verify.import_test import ImportTest, ImportTestRun


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """An unexpected outcome, and the package that causes it. `what` names the notes, cards or files.

    What the new package causes is an error or a warning. What the old one causes is a warning: learners have it already.
    """

    severity: Severity
    code: str
    import_test: str
    package: Path
    message: str
    what: tuple[str, ...] = ()


class Titles:
    """guid → title of the note."""

    def __init__(self, found: ImportTestRun):
        old = found.diff.old.notes if found.diff else ()
        self._notes: dict[str, PackedNote] = {note.guid: note for note in (*old, *found.package.notes)}

    def of(self, guids: Iterable[str]) -> tuple[str, ...]:
        """The notes in their own order."""
        wanted = set(guids)
        return tuple(title(note) for guid, note in self._notes.items() if guid in wanted)

    def cards(self, cards: Iterable[tuple[str, int]]) -> tuple[str, ...]:
        return tuple(f"{title(self._notes[guid])} (card {ordinal + 1})" for guid, ordinal in sorted(cards))


def error(code: str, import_test: ImportTest, message: str, what: tuple[str, ...] = ()) -> ImportFinding:
    return ImportFinding(Severity.ERROR, code, import_test.name, import_test.package, message, what)


def warning(code: str, import_test: ImportTest, message: str, what: tuple[str, ...] = ()) -> ImportFinding:
    return ImportFinding(Severity.WARNING, code, import_test.name, import_test.package, message, what)


def warning_about_old(code: str, import_test: ImportTest, message: str, what: tuple[str, ...] = ()) -> ImportFinding:
    """A warning about the older package."""
    assert import_test.over
    return ImportFinding(Severity.WARNING, code, import_test.name, import_test.over, message, what)
