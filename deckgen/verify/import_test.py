"""Run the import tests and record their results. `check_import_tests` finds the errors in the results."""

import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from deckgen.diff.compare import Diff, compare
from deckgen.package.contents import Package
from deckgen.package.read import read_package
from deckgen.problems import DeckError
from deckgen.verify.engine import ImportLog, ImportRefused, Learner, NoteSnapshot, RenderError, open_new_collection
from deckgen.verify.importer import Importer

REMARK = " (my own remark)"
TAG = "my-own-tag"
_ANSWERS = 20  # cards of each top deck that the learner answers


class CollectionSnapshot(Struct, frozen=True):
    """A collection at one moment.

    `empty` are the cards that Anki would delete, as guids and 0-based ordinals. `media` are the names of its files.
    `missing` are files that notes use and the collection lacks. `unused` are files that no note uses.
    """

    notes: Mapping[str, NoteSnapshot]
    render_errors: tuple[RenderError, ...]
    empty: tuple[tuple[str, int], ...]
    media: frozenset[str]
    missing: frozenset[str]
    unused: frozenset[str]


class ImportTest(Struct, frozen=True):
    """One import of `package`. `before` and `after` are the collection before and after it.

    `over` is the old package, which was imported before; None for an empty collection. With `edited` the learner edited notes in between.
    `schedules` are the cards with a changed schedule, as guids and 0-based ordinals. `cards_added` is the number of new cards of old notes.
    `options` are the decks whose options changed, by full name. `log` is None if the engine refused the package; then `refused` is its message.
    """

    name: str
    package: Path
    over: Path | None
    edited: bool
    log: ImportLog | None
    refused: str
    before: CollectionSnapshot
    after: CollectionSnapshot
    schedules: tuple[tuple[str, int], ...]
    options: tuple[str, ...]
    cards_added: int
    full_sync: bool

    @property
    def notes_before(self) -> Mapping[str, NoteSnapshot]:
        """The notes before the import, by guid."""
        return self.before.notes


class ImportTestRun(Struct, frozen=True):
    """All import tests of a package. `diff` compares the old package with the new one; None if there is no old one."""

    importer: Importer
    package: Package
    diff: Diff | None
    fresh: ImportTest
    updates: tuple[ImportTest, ...]

    @property
    def all(self) -> tuple[ImportTest, ...]:
        """All import tests, the one into an empty collection first."""
        return (self.fresh, *self.updates)


def run_import_tests(new: Path, old: Path | None, importer: Importer = Importer.DESKTOP) -> ImportTestRun:
    """Import `new` into an empty collection. With `old`, import it also over `old`: into a studied collection, and a studied and edited one.

    Both packages are imported in the way of `importer`.

    Raises DeckError if a file is not a package, or Anki refuses `old`.
    """
    package = _read(new)
    diff = compare(_read(old), package) if old else None
    with tempfile.TemporaryDirectory(prefix="deckgen-verify-") as folder:
        home = Path(folder)
        with open_new_collection(home / "fresh", importer) as learner:
            fresh = _import(learner, "into an empty collection", package)
        updates = [_update(home, diff, importer, edited) for edited in (False, True)] if diff else []
    return ImportTestRun(importer, package, diff, fresh, tuple(updates))


def _read(path: Path) -> Package:
    """Read a package. Raises DeckError also if a card has no template: Anki imports such a card, but cannot show it."""
    package = read_package(path)
    if bare := next(
        (note for note in package.notes if note.cards and not note.notetype.has_card(note.cards[-1].ordinal)), None
    ):
        raise DeckError.at(
            str(path),
            f"is damaged: the note {bare.guid} has a card, but its note type has no template for it",
            code="package-damaged",
        )
    return package


def _update(home: Path, diff: Diff, importer: Importer, edited: bool) -> ImportTest:
    """Import the old package, study, edit if `edited`, and import the new package."""
    with open_new_collection(home / ("edited" if edited else "studied"), importer) as learner:
        try:
            learner.import_package(diff.old.path)
        except ImportRefused as error:
            raise DeckError.at(str(diff.old.path), f"Anki refuses the package: {error}", code="refused") from error
        learner.study(_ANSWERS)
        if edited:
            learner.edit(_edit_times(diff), REMARK, TAG)
        return _import(
            learner,
            "over the last one, studied" + (" and edited" if edited else ""),
            diff.new,
            diff.old.path,
            edited=edited,
        )


def _edit_times(diff: Diff) -> dict[str, int]:
    """Guid → the time of the learner's edit in seconds: one second before the newest note of the new package, or later.

    It is not before the old note. A learner who edits a note does not get a correction with an earlier time.
    """
    newest = max((note.mod for note in diff.new.notes), default=0)
    return {note.guid: max(note.mod, newest - 1) for note in diff.old.notes}


def _import(
    learner: Learner, name: str, package: Package, over: Path | None = None, edited: bool = False
) -> ImportTest:
    """Import a package and record its result."""
    before, schedules, schema = _snapshot(learner), learner.schedules(), learner.schema()
    options = learner.options()
    log, refused = None, ""
    try:
        log = learner.import_package(package.path)
    except ImportRefused as error:
        refused = str(error)
    after, options_after = learner.schedules(), learner.options()
    changed = tuple(sorted(key for key, schedule in schedules.items() if after.get(key) != schedule))
    return ImportTest(
        name,
        package.path,
        over,
        edited,
        log,
        refused,
        before,
        _snapshot(learner),
        changed,
        tuple(sorted(deck for deck, chosen in options.items() if options_after.get(deck) != chosen)),
        sum(key not in schedules and key[0] in before.notes for key in after),
        learner.schema() != schema,
    )


def _snapshot(learner: Learner) -> CollectionSnapshot:
    """The collection as it is now."""
    media, missing, unused = learner.media()
    return CollectionSnapshot(
        learner.notes(),
        tuple(learner.render_errors()),
        tuple(learner.empty_cards()),
        frozenset(map(nfc, media)),
        frozenset(map(nfc, missing)),
        frozenset(map(nfc, unused)),
    )


def nfc(text: str) -> str:
    """The text in Unicode's normal form C, in which Anki stores it."""
    return unicodedata.normalize("NFC", text)
