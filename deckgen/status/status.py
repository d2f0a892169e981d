"""Compare the notes of a deck with its lock, its last release and a running Anki."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.identity.changes import Change
from deckgen.identity.lock import LockedRelease, State
from deckgen.identity.lost import require_lock
from deckgen.pictures import Progress
from deckgen.problems import DeckError, Problem
from deckgen.project import deck_name
from deckgen.pull.anki_notes import RUNNING, anki_notes
from deckgen.pull.deck import DeckNotes, read_deck
from deckgen.pull.known_versions import Bases
from deckgen.pull.proposals import Comparison, Standing, compare_notes
from deckgen.sources import read_project

_CHANGES = {Change.ADDED: "added", Change.CHANGED: "changed", Change.RETIRED: "retired"}


class NoteStatus(Struct, frozen=True):
    """A note that differs somewhere. `file` and `line` (1-based, 0 if the files do not have it) are its place.

    `build` compares the files with the last build, `release` the last build with the last release, and `anki` Anki with the files. Each is a
    word, or "" if nothing differs.
    """

    guid: str
    file: str
    line: int
    question: str
    build: str = ""
    release: str = ""
    anki: str = ""

    @property
    def differs(self) -> bool:
        return bool(self.build or self.release or self.anki)


class AnkiState(Struct, frozen=True):
    """A running Anki. `problem` says why it could not be asked, None if it was. `same` and `old` count notes as the files, or an older build, have them."""

    problem: Problem | None
    same: int = 0
    old: int = 0


class Status(Struct, frozen=True):
    """The state of a deck. `notes` are those that differ, in reading order. `total` counts the notes of the files, `files` the note files.

    `release` is the last release, None if there is none.
    """

    notes: tuple[NoteStatus, ...]
    total: int
    files: int
    release: LockedRelease | None
    anki: AnkiState

    def count(self, column: str) -> dict[str, int]:
        """Word → number of notes, for a column: `build`, `release` or `anki`."""
        words = [getattr(note, column) for note in self.notes]
        return {word: words.count(word) for word in dict.fromkeys(words) if word}


def deck_status(root: Path, now: int, bases: Bases, url: str, progress: Progress) -> Status:
    """Return the state of the deck in the folder `root`. `now` is the time in seconds (Unix time), `url` the address of AnkiConnect.

    Without a running Anki, its column is empty. Raises DeckError if the notes have errors, or if the lock is lost.
    """
    project = read_project(root)
    require_lock(project)
    # All retired notes are allowed: nothing is written here.
    deck = read_deck(project, now, progress, [root])
    compared, state = _anki(deck, bases, url, progress)
    release = max(deck.lock.releases, key=lambda each: each.time, default=None)
    words = {each.guid: each.standing.value for each in compared.proposals} if compared else {}
    notes = [*_present(deck, release, words), *_absent(deck, release, words), *_only_in_anki(compared)]
    shown = tuple(note for note in notes if note.differs)
    return Status(shown, len(deck.items), len(deck.files), release, state)


def _anki(deck: DeckNotes, bases: Bases, url: str, progress: Progress) -> tuple[Comparison | None, AnkiState]:
    try:
        with anki_notes(RUNNING, deck_name(deck.project.name), url=url) as found:
            # The exported deck is compared as a whole collection, so that deleted notes are found.
            compared = compare_notes(deck, replace(found, whole=True), bases, progress)
    except DeckError as error:
        return None, AnkiState(error.problems[0])
    return compared, AnkiState(None, compared.same, compared.old)


def _present(deck: DeckNotes, release: LockedRelease | None, anki: Mapping[str, str]) -> list[NoteStatus]:
    """The notes of the files."""
    changes = {change.guid: _CHANGES.get(change.change, "") for change in deck.stamped.changes}
    mods = {entry.guid: entry.mod for entry in deck.lock.notes}

    def since(guid: str) -> str:
        return "changed" if release and mods.get(guid, 0) > release.time else ""

    return [
        NoteStatus(
            entry.guid,
            item.note.file,
            item.note.line,
            entry.question,
            changes.get(entry.guid, ""),
            since(entry.guid),
            anki.get(entry.guid, ""),
        )
        for item, entry in zip(deck.items, deck.entries)
    ]


def _absent(deck: DeckNotes, release: LockedRelease | None, anki: Mapping[str, str]) -> list[NoteStatus]:
    """The notes that left the files since the last build, and retired notes that were edited in Anki."""
    present = {entry.guid for entry in deck.entries}
    return [
        NoteStatus(
            entry.guid,
            str(deck.project.root / entry.file),
            0,
            entry.question,
            "retired" if entry.state is State.ACTIVE else "",
            "",
            anki.get(entry.guid, ""),
        )
        for entry in deck.lock.notes
        if entry.guid not in present
    ]


def _only_in_anki(compared: Comparison | None) -> list[NoteStatus]:
    """The notes that were made in Anki."""
    found = compared.proposals if compared else ()
    return [
        NoteStatus(each.guid, "", 0, each.question, anki=Standing.NEW.value)
        for each in found
        if each.standing is Standing.NEW
    ]
