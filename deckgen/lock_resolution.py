"""deckgen lock same, new, confirm: the author decides what only the author can know about a note."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.files import staged
from deckgen.identity.fingerprint import Fingerprint, fingerprint
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, LockEntry, State, dump_lock, load_lock
from deckgen.identity.lost import require_lock
from deckgen.identity.reconcile import mint
from deckgen.model import Note
from deckgen.originals import read_originals
from deckgen.parse import parse_file
from deckgen.parse.document import read_text
from deckgen.problems import DeckError
from deckgen.project import FILE as PROJECT_FILE
from deckgen.project import Project
from deckgen.sources import deck_around, files_at, read_project


@dataclass(frozen=True, slots=True)
class _Deck:
    project: Project
    lock: Lock
    path: Path
    note: Note
    print: Fingerprint


def declare_same(guid: str, place: str) -> str:
    """Make the lock's entry `guid` that of the note at `place` (FILE:LINE); say what was done.

    An entry that has been this note's so far is retired: it would claim the note again.
    """
    deck = _deck(place)
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
    same = _with_source(replace(entry, state=State.ACTIVE), deck.print)
    _save(deck, [same if e is entry else _displaced(e) if _claims(e, deck.print) else e for e in deck.lock.notes])
    return f"{place} keeps {guid}, “{entry.question}”"


def declare_new(place: str) -> str:
    """Give the note at `place` (FILE:LINE) a guid of its own; say what was done."""
    deck = _deck(place)
    if known := next((e for e in deck.lock.notes if e.state is State.ACTIVE and _claims(e, deck.print)), None):
        raise DeckError.at(
            deck.note.file, f"the note is in the lock already: {known.guid}", code="lock-known", line=deck.note.line
        )
    guid = mint(deck.print, deck.project.id, {entry.guid for entry in deck.lock.notes})
    blank = LockEntry(guid, deck.note.kind, None, "", "", "", "", "", "", 0, State.ACTIVE)
    entry = _with_source(blank, deck.print)
    _save(deck, [*deck.lock.notes, entry])
    return f"{place} is new: {guid}"


def confirm_translation(place: str) -> str:
    """Record that the translation at `place` (FILE:LINE) fits its original as that is now; say what was done."""
    deck = _deck(place)
    entry = next((e for e in deck.lock.notes if e.state is State.ACTIVE and e.id and e.id == deck.note.id), None)
    original = read_originals(deck.project).digests.get(deck.note.id or "")
    if entry is None or original is None:
        raise DeckError.at(
            deck.note.file,
            "is no translation that the lock knows",
            code="lock-translation",
            line=deck.note.line,
            hint=f"{PROJECT_FILE} must say what it translates, the note must have the {{#id}} of its original, and a build must have seen it",
        )
    fits = replace(entry, original=original)
    _save(deck, [fits if e is entry else e for e in deck.lock.notes])
    return f"{place} fits its original"


def _claims(entry: LockEntry, note: Fingerprint) -> bool:
    """Whether the next build would take the entry for the note's."""
    same_id = note.id is not None and entry.id == note.id
    return entry.kind == note.kind and (
        same_id
        or (entry.file, entry.question_digest, entry.answer_digest)
        == (note.file, note.question_digest, note.answer_digest)
    )


def _displaced(entry: LockEntry) -> LockEntry:
    """The entry as that of a note that is gone, which no text and no id brings back."""
    return replace(entry, state=State.RETIRED, id=None, question_digest="", answer_digest="", sketch="")


def _with_source(entry: LockEntry, note: Fingerprint) -> LockEntry:
    """The entry with all that the lock knows of the source of a note."""
    return replace(
        entry,
        id=note.id,
        file=note.file,
        question=note.question,
        question_digest=note.question_digest,
        answer_digest=note.answer_digest,
        sketch=note.sketch,
        dialect=note.dialect,
    )


def _deck(place: str) -> _Deck:
    """The deck around a note, and the note at FILE:LINE: the last one that begins at or above the line."""
    file, _, line = place.rpartition(":")
    path = Path(file)
    if not file or not line.isdecimal():
        raise DeckError.at(place, "is not a place", code="place-unknown", hint="write FILE:LINE")
    root = deck_around(path)
    if root is None:
        raise DeckError.at(file, f"is not in a folder with a {PROJECT_FILE}", code="deck-missing")
    project = read_project(root)
    (source,) = files_at(path)
    notes = parse_file(path, file, source.key, source.settings).notes
    note = next((n for n in reversed(notes) if n.line <= int(line)), None)
    if note is None:
        raise DeckError.at(file, "no note begins at or above this line", code="place-unknown", line=int(line))
    require_lock(project)
    lock_path = root / LOCK_FILE
    lock = load_lock(read_text(lock_path), str(lock_path))
    return _Deck(project, lock, lock_path, note, fingerprint(note))


def _save(deck: _Deck, notes: Sequence[LockEntry]) -> None:
    with staged(deck.path) as file:
        file.write(dump_lock(replace(deck.lock, notes=tuple(notes))).encode())
