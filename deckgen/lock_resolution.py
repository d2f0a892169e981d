"""deckgen lock same, new, confirm: record the author's decisions about notes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.build_lock import only_this_process
from deckgen.files import staged
from deckgen.identity.fingerprint import Fingerprint, fingerprint
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, LockEntry, State, dump_lock, load_lock
from deckgen.identity.lost import require_lock
from deckgen.identity.note_entry import entry_of, with_source
from deckgen.identity.reconcile import mint
from deckgen.model import Note
from deckgen.originals import read_originals
from deckgen.parse import parse_file
from deckgen.parse.document import read_text
from deckgen.problems import DeckError
from deckgen.project import FILE as PROJECT_FILE
from deckgen.project import Project
from deckgen.sources import deck_around, files_at, read_project


class _DeckAndNote(Struct, frozen=True):
    project: Project
    lock: Lock
    path: Path
    note: Note
    fingerprint: Fingerprint


def declare_same(guid: str, place: str) -> str:
    """Give the entry `guid` of the lock to the note at `place` (FILE:LINE), and return a message.

    An entry that the note has so far is retired. Otherwise the next build would match the note with both.

    Raises DeckError if the note, the lock or the entry does not exist, or if their kinds differ.
    """
    with _deck_and_note(place) as deck:
        return _same(deck, guid, place)


def _same(deck: _DeckAndNote, guid: str, place: str) -> str:
    entry = next((e for e in deck.lock.notes if e.guid == guid), None)
    if entry is None:
        raise DeckError.at(str(deck.path), f"no note has the guid {guid}", code="lock-unknown")
    if entry.kind != deck.note.kind:
        raise DeckError.at(
            deck.note.file,
            f"a {deck.note.kind} note cannot be an edit of a {entry.kind} note",
            code="lock-kind",
            line=deck.note.line,
        )
    same = with_source(replace(entry, state=State.ACTIVE), deck.fingerprint)
    _write_lock(
        deck,
        [
            same if e is entry else _retired_without_source(e) if _matches(e, deck.fingerprint) else e
            for e in deck.lock.notes
        ],
    )
    return f"{place} keeps {guid}, “{entry.question}”"


def declare_new(place: str) -> str:
    """Add the note at `place` (FILE:LINE) to the lock with a new guid, and return a message.

    Raises DeckError if there is no such note or no lock, or if the note has an entry already.
    """
    with _deck_and_note(place) as deck:
        return _new(deck, place)


def _new(deck: _DeckAndNote, place: str) -> str:
    if known := next((e for e in deck.lock.notes if e.state is State.ACTIVE and _matches(e, deck.fingerprint)), None):
        raise DeckError.at(
            deck.note.file, f"the note is in the lock already: {known.guid}", code="lock-known", line=deck.note.line
        )
    guid = mint(deck.fingerprint, deck.project.id, {entry.guid for entry in deck.lock.notes})
    entry = entry_of(guid, deck.fingerprint)
    _write_lock(deck, [*deck.lock.notes, entry])
    return f"{place} is new: {guid}"


def confirm_translation(place: str) -> str:
    """Record that the translation at `place` (FILE:LINE) fits its original as it is now. Return a message for the author.

    Raises DeckError if the note is not a translation that the lock contains.
    """
    with _deck_and_note(place) as deck:
        return _confirm(deck, place)


def _confirm(deck: _DeckAndNote, place: str) -> str:
    entry = next((e for e in deck.lock.notes if e.state is State.ACTIVE and e.id and e.id == deck.note.id), None)
    original = read_originals(deck.project).digests.get(deck.note.id or "")
    if entry is None or original is None:
        raise DeckError.at(
            deck.note.file,
            "this note is not a translation that the lock contains",
            code="lock-translation",
            line=deck.note.line,
            hint=f"set translates in {PROJECT_FILE}, give the note the {{#id}} of its original, and build once",
        )
    fits = replace(entry, original=original)
    _write_lock(deck, [fits if e is entry else e for e in deck.lock.notes])
    return f"{place} fits its original"


def _matches(entry: LockEntry, note: Fingerprint) -> bool:
    """Whether the next build would match the entry with the note."""
    same_id = note.id is not None and entry.id == note.id
    return entry.kind == note.kind and (
        same_id
        or (entry.file, entry.question_digest, entry.answer_digest)
        == (note.file, note.question_digest, note.answer_digest)
    )


def _retired_without_source(entry: LockEntry) -> LockEntry:
    """Return the entry as retired. It has no id and no digests, so no note matches it again."""
    return replace(entry, state=State.RETIRED, id=None, question_digest="", answer_digest="", sketch="")


@contextmanager
def _deck_and_note(place: str) -> Iterator[_DeckAndNote]:
    """The note at FILE:LINE, and its deck. The note is the last one that begins at the line or above it.

    No other process changes the deck during the block. Raises DeckError if `place` is wrong, no note begins there, or the deck
    has no lock.
    """
    file, _, line = place.rpartition(":")
    path = Path(file)
    if not file or not line.isdecimal():
        raise DeckError.at(place, "is not a place", code="place-unknown", hint="write FILE:LINE")
    root = deck_around(path)
    if root is None:
        raise DeckError.at(file, f"is not in a folder with a {PROJECT_FILE}", code="deck-missing")
    with only_this_process(root):
        yield _load(path, root, int(line))


def _load(path: Path, root: Path, line: int) -> _DeckAndNote:
    file = str(path)
    project = read_project(root)
    (source,) = files_at(path)
    notes = parse_file(path, file, source.key, source.settings).notes
    note = next((n for n in reversed(notes) if n.line <= line), None)
    if note is None:
        raise DeckError.at(file, "no note begins at or above this line", code="place-unknown", line=line)
    require_lock(project)
    lock_path = root / LOCK_FILE
    lock = load_lock(read_text(lock_path), str(lock_path))
    return _DeckAndNote(project, lock, lock_path, note, fingerprint(note))


def _write_lock(deck: _DeckAndNote, notes: Sequence[LockEntry]) -> None:
    with staged(deck.path) as file:
        file.write(dump_lock(replace(deck.lock, notes=tuple(notes))).encode())
