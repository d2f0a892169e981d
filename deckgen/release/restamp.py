"""Times of change for a release: what changed since the last release gets the time of this one, all else keeps its time.

A learner who edited a note is newer than any change before that; a correction reaches them only if it is stamped later. And
what is the same as in the last release, though it was edited and edited back in between, must not touch their edits. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from deckgen.diff.compare import Diff
from deckgen.identity.lock import Lock, LockedNoteType, LockEntry
from deckgen.identity.types import row_id
from deckgen.notetypes import ids_of
from deckgen.package.write import PackageDeck
from deckgen.problems import DeckError

_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ModTimes:
    """The time of change (seconds) of every note by its guid, and of every note type in use by its id."""

    notes: Mapping[str, int]
    types: Mapping[int, int]


def release_time(now: int, lock: Lock, file: str) -> int:
    """A time later than every release before, and no earlier than any change. Raises DeckError where the clock would have to be wrong for that."""
    time = max([now, *(release.time + 1 for release in lock.releases), *(entry.mod for entry in lock.notes)])
    if time > now + _DAY:
        raise DeckError.at(
            file,
            f"knows a change of {datetime.fromtimestamp(time - 1, UTC):%Y-%m-%d %H:%M} UTC, which is still to come",
            code="release-time",
            hint="is the clock right? Anki refuses times in the future",
        )
    return time


def mod_times(deck: PackageDeck, diff: Diff | None, lock: Lock, last: int, now: int) -> ModTimes:
    """`diff` is from the last release, made at `last`, to the deck as it is; None for the first release, in which everything is new."""
    if diff is None:
        return ModTimes({note.guid: now for note in deck.notes}, dict.fromkeys(_type_ids(deck).values(), now))
    changed, other = (
        {change.new.guid for change in diff.changed},
        {change.new.id for change in diff.types if change.old and change.new},
    )
    notes = {note.guid: note.mod for note in diff.old.notes if note.guid not in changed}
    # A type out of use in the last release is as it was before, unless the lock saw it change since.
    known = {row_id(entry, deck.id): entry.mod for entry in lock.types if entry.mod <= last}
    types = known | {note.notetype.id: note.notetype.mod for note in diff.old.notes}
    return ModTimes(
        {note.guid: notes.get(note.guid, now) for note in deck.notes},
        {key: now if key in other else types.get(key, now) for key in _type_ids(deck).values()},
    )


def _type_ids(deck: PackageDeck) -> dict[str, int]:
    """The kinds of the note types in use, and their ids."""
    return {kind: ids_of(deck.notetypes[kind], deck.id).notetype for kind in deck.type_mods}


def restamped_deck(deck: PackageDeck, at: ModTimes) -> PackageDeck:
    """The deck with these times."""
    return replace(
        deck,
        notes=tuple(replace(note, mod=at.notes[note.guid]) for note in deck.notes),
        type_mods={kind: at.types[number] for kind, number in _type_ids(deck).items()},
    )


def restamped_lock(lock: Lock, deck_id: str, at: ModTimes) -> Lock:
    """The lock with these times; what left the notes, or is a note type out of use, keeps its own."""

    def note(entry: LockEntry) -> LockEntry:
        return replace(entry, mod=at.notes.get(entry.guid, entry.mod))

    def notetype(entry: LockedNoteType) -> LockedNoteType:
        return replace(entry, mod=at.types.get(row_id(entry, deck_id), entry.mod))

    return replace(lock, notes=tuple(map(note, lock.notes)), types=tuple(map(notetype, lock.types)))
