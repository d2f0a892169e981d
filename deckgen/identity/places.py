"""The places of notes and of entries of the lock. A place is the pair of neighbours above and below. Pure.

The neighbours are the nearest notes of the same file that are matched already. A renamed file, an inserted note or a removed
note therefore changes no place. Two notes that are swapped change their places.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from deckgen.identity.fingerprint import Fingerprint
from deckgen.identity.lock import LockEntry, State

# The guids of the neighbours above and below; None at the beginning or end of the file.
Place = tuple[str | None, str | None]
_Key = TypeVar("_Key", bound=Hashable)


def places_of_notes(notes: Sequence[Fingerprint], known: Mapping[int, LockEntry]) -> dict[int, Place]:
    """Index of a note → its place, for the notes that are not matched yet. `known` maps the index of a matched note to its entry."""
    return _between([(i, note.file, known[i].guid if i in known else None) for i, note in enumerate(notes)])


def places_of_entries(entries: Sequence[LockEntry], used: Iterable[str]) -> dict[str, Place]:
    """Guid → place, for the active entries that are not matched yet. `used` are the guids of the matched entries."""
    taken = set(used)
    return _between(
        [
            (entry.guid, entry.file, entry.guid if entry.guid in taken else None)
            for entry in entries
            if entry.guid in taken or entry.state is State.ACTIVE
        ]
    )


def _between(rows: Sequence[tuple[_Key, str, str | None]]) -> dict[_Key, Place]:
    """Key → place, for the rows without a guid. A row is a key, its file, and its guid if it is matched.

    A row without any neighbour has no place.
    """
    above, below = _nearest(rows), _nearest(rows[::-1])
    return {key: (above[key], below[key]) for key, _, guid in rows if guid is None and (above[key] or below[key])}


def _nearest(rows: Sequence[tuple[_Key, str, str | None]]) -> dict[_Key, str | None]:
    """Key → the last guid above it in the same file."""
    found: dict[_Key, str | None] = {}
    last: dict[str, str] = {}
    for key, file, guid in rows:
        found[key] = last.get(file)
        if guid:
            last[file] = guid
    return found
