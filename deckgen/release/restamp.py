"""Set the times of change for a release. Notes that changed since the last release get its time; all others keep their time. Pure.

If a learner edits a note, the note has a later time than all changes before. So a correction reaches the learner only with a later time.
A note that was edited and edited back is the same as in the last release. It keeps its time, so that the learner's edits are kept.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from deckgen.diff.compare import Diff
from deckgen.identity.lock import Lock, LockedNoteType, LockEntry
from deckgen.identity.types import row_id
from deckgen.notetypes import ids_of
from deckgen.package.write import PackageDeck
from deckgen.problems import DeckError

_DAY = 24 * 60 * 60


class ModTimes(Struct, frozen=True):
    """Times of change in seconds (Unix time). `notes` maps the guid of each note to its time, `types` the id of each note type in use."""

    notes: Mapping[str, int]
    types: Mapping[int, int]


def release_time(now: int, lock: Lock, file: str) -> int:
    """The time of a release in seconds: `now`, or later if the lock has a later time. `file` is the path of the lock, for problems.

    It is later than all earlier releases, and not earlier than any change. Raises DeckError if it is over a day after `now`.
    """
    time = max([now, *(release.time + 1 for release in lock.releases), *(entry.mod for entry in lock.notes)])
    if time > now + _DAY:
        raise DeckError.at(
            file,
            f"has a change from {datetime.fromtimestamp(time - 1, UTC):%Y-%m-%d %H:%M} UTC, which is in the future",
            code="release-time",
            hint="check the clock of this machine: Anki refuses times in the future",
        )
    return time


def mod_times(deck: PackageDeck, diff: Diff | None, lock: Lock, last: int, now: int) -> ModTimes:
    """The times of change of the release, which is made at `now`. `last` is the time of the last release. Both are in seconds.

    `diff` compares the last release with the deck. None means the first release: everything gets the time `now`. But notes of imported types
    keep their times: learners have them already, and a later time would replace their own tags.
    """
    if diff is None:
        imported = {kind for kind in deck.type_mods if deck.notetypes[kind].imported}
        return ModTimes(
            {note.guid: note.mod if note.kind in imported else now for note in deck.notes},
            {number: deck.type_mods[kind] if kind in imported else now for kind, number in _type_ids(deck).items()},
        )
    changed, other = (
        {change.new.guid for change in diff.changed},
        {change.new.id for change in diff.types if change.old and change.new},
    )
    notes = {note.guid: note.mod for note in diff.old.notes if note.guid not in changed}
    # The last release may not have a type that is in use now. The lock has the time of its last change.
    known = {row_id(entry, deck.id): entry.mod for entry in lock.types if entry.mod <= last}
    types = known | {note.notetype.id: note.notetype.mod for note in diff.old.notes}
    return ModTimes(
        {note.guid: notes.get(note.guid, now) for note in deck.notes},
        {key: now if key in other else types.get(key, now) for key in _type_ids(deck).values()},
    )


def _type_ids(deck: PackageDeck) -> dict[str, int]:
    """Kind of a note type in use → its id."""
    return {kind: ids_of(deck.notetypes[kind], deck.id).notetype for kind in deck.type_mods}


def restamped_deck(deck: PackageDeck, at: ModTimes) -> PackageDeck:
    """The deck with these times of change."""
    return replace(
        deck,
        notes=tuple(replace(note, mod=at.notes[note.guid]) for note in deck.notes),
        type_mods={kind: at.types[number] for kind, number in _type_ids(deck).items()},
    )


def restamped_lock(lock: Lock, deck_id: str, at: ModTimes) -> Lock:
    """The lock with these times of change. Retired notes and note types out of use keep their times."""

    def note(entry: LockEntry) -> LockEntry:
        return replace(entry, mod=at.notes.get(entry.guid, entry.mod))

    def notetype(entry: LockedNoteType) -> LockedNoteType:
        return replace(entry, mod=at.types.get(row_id(entry, deck_id), entry.mod))

    return replace(lock, notes=tuple(map(note, lock.notes)), types=tuple(map(notetype, lock.types)))
