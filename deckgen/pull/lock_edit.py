"""The entries of the lock after a pull. The next build finds each note by them, and learners get the changes."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from deckgen.identity.fingerprint import fingerprint
from deckgen.identity.lock import Lock, LockEntry
from deckgen.identity.note_entry import entry_of, with_source
from deckgen.identity.original import confirmed_original
from deckgen.identity.stamp import content_of
from deckgen.model import RenderedNote
from deckgen.package.contents import PackedNote
from deckgen.pull.versions import Version


def edited_entry(
    old: LockEntry, item: RenderedNote, note: PackedNote, now: int, originals: Mapping[str, str]
) -> LockEntry:
    """Return the entry of a note whose texts were edited by a pull. `item` is the note as it is now, `note` as Anki has it.

    If both are the same, the entry gets the time of change of the note in Anki. Anki takes an update only if its time is later. So the
    next build updates the note for everybody, and leaves the edited note alone. Else the next build stamps the note.
    """
    found = fingerprint(item.note)
    entry = replace(with_source(old, found), original=confirmed_original(found, old, originals))
    if not is_equal(item, note) or not old.mod < note.mod <= now:
        return entry
    content = content_of(item)
    return replace(entry, fields=content.fields, inputs=content.inputs, mod=note.mod)


def new_entry(item: RenderedNote, note: PackedNote, now: int) -> LockEntry:
    """Return the entry of a note that was made in Anki. It keeps its guid."""
    entry = entry_of(note.guid, fingerprint(item.note))
    if not is_equal(item, note) or not 0 < note.mod <= now:
        return entry
    content = content_of(item)
    return replace(entry, fields=content.fields, inputs=content.inputs, mod=note.mod)


def with_entries(lock: Lock, changed: Mapping[str, LockEntry], new: Sequence[LockEntry]) -> Lock:
    """Return the lock with other entries of some notes (by guid), and with new entries at the end."""
    notes = tuple(changed.get(entry.guid, entry) for entry in lock.notes)
    return replace(lock, notes=(*notes, *new), states=())


def is_equal(item: RenderedNote, note: PackedNote) -> bool:
    """Whether a note of the deck looks as the note in Anki, and has its tags."""
    return Version(tuple(item.fields.values()), item.note.tags, 0, "").is_equal(note)
