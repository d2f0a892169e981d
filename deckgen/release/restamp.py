"""Times of change for a release: what changed since the last one bears the release's time, all else the time it had there.

A learner who edited a note is newer than any change before that; a correction reaches them only if it is stamped later. And
what is the same as in the last release, though it was edited and edited back in between, must not touch their edits. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from deckgen.diff.compare import Diff
from deckgen.identity.lock import Entry, Lock, TypeEntry
from deckgen.package.write import PackageDeck, type_id


@dataclass(frozen=True, slots=True)
class Times:
    """The time of change (seconds) of every note by its guid, and of every note type by its id; `now` is the release's."""

    notes: Mapping[str, int]
    types: Mapping[int, int]
    now: int


def release_time(now: int, lock: Lock) -> int:
    """A time later than every release before, and no earlier than any change."""
    return max([now, *(release.time + 1 for release in lock.releases), *(entry.mod for entry in lock.notes)])


def times(deck: PackageDeck, diff: Diff | None, now: int) -> Times:
    """`diff` is from the last release to the deck as it is; None for the first release, in which everything is new."""
    changed = {change.new.guid for change in diff.changed} if diff else set()
    other = {change.new.id for change in diff.types if change.new} if diff else set()
    notes = {note.guid: note.mod for note in diff.old.notes if note.guid not in changed} if diff else {}
    types = {notetype.id: notetype.mod for notetype in diff.old.notetypes if notetype.id not in other} if diff else {}
    gone = {note.guid: now for note in diff.removed} if diff else {}
    return Times({**{note.guid: notes.get(note.guid, now) for note in deck.notes}, **gone},
                 {key: types.get(key, now) for key in (type_id(deck.id, kind) for kind in deck.type_mods)}, now)


def restamped_deck(deck: PackageDeck, at: Times) -> PackageDeck:
    """The deck with these times."""
    return replace(deck, notes=tuple(replace(note, mod=at.notes[note.guid]) for note in deck.notes),
                   type_mods={kind: at.types[type_id(deck.id, kind)] for kind in deck.type_mods})


def restamped_lock(lock: Lock, deck_id: str, at: Times) -> Lock:
    """The lock with these times; what left the notes long ago, or is a note type out of use, keeps its own."""
    def note(entry: Entry) -> Entry:
        return replace(entry, mod=at.notes.get(entry.guid, entry.mod))

    def notetype(entry: TypeEntry) -> TypeEntry:
        return replace(entry, mod=at.types.get(type_id(deck_id, entry.notetype), entry.mod))

    return replace(lock, notes=tuple(map(note, lock.notes)), types=tuple(map(notetype, lock.types)))
