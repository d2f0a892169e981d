"""Find notes that are where an entry of the lock was: between the same neighbours. Pure.

The neighbours are the nearest notes of the same file that are known again. So a file that was renamed, a note that was put above, or one
that was taken out changes no place; two notes that changed places leave theirs.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from deckgen.identity.fingerprint import Fingerprint
from deckgen.identity.lock import LockEntry, State

# The guids of the neighbours above and below; None where the file begins or ends.
Place = tuple[str | None, str | None]
_Key = TypeVar("_Key", bound=Hashable)


def places_of_notes(notes: Sequence[Fingerprint], known: Mapping[int, LockEntry]) -> dict[int, Place]:
    """The places of the notes that are not `known`: an entry for each note, by index, that is."""
    return _between([(i, note.file, known[i].guid if i in known else None) for i, note in enumerate(notes)])


def places_of_entries(entries: Sequence[LockEntry], used: Iterable[str]) -> dict[str, Place]:
    """The places of the entries that are not `used` (guids), by guid; those long retired have none."""
    taken = set(used)
    return _between(
        [
            (entry.guid, entry.file, entry.guid if entry.guid in taken else None)
            for entry in entries
            if entry.guid in taken or entry.state is State.ACTIVE
        ]
    )


def _between(rows: Sequence[tuple[_Key, str, str | None]]) -> dict[_Key, Place]:
    """Rows are a key, its file and, of what is known, its guid. What has no neighbour at all has no place."""
    above, below = _nearest(rows), _nearest(rows[::-1])
    return {key: (above[key], below[key]) for key, _, guid in rows if guid is None and (above[key] or below[key])}


def _nearest(rows: Sequence[tuple[_Key, str, str | None]]) -> dict[_Key, str | None]:
    """The last guid before each key in the same file."""
    found: dict[_Key, str | None] = {}
    last: dict[str, str] = {}
    for key, file, guid in rows:
        found[key] = last.get(file)
        if guid:
            last[file] = guid
    return found
