"""Which notes changed since the last release, or since the last build of a deck without releases."""

import time
from collections.abc import Iterable, Sequence

from msgspec import Struct

from deckgen.identity.fingerprint import Fingerprint, fingerprint
from deckgen.identity.lock import Lock
from deckgen.model import Note, RenderedNote
from deckgen.originals import read_originals
from deckgen.pipeline.identifying import identify
from deckgen.problems import DeckError, Problem
from deckgen.project import Project


class Changes(Struct, frozen=True):
    """`changed` has a value for each note. `known` is false if it is not certain which note is which: `problems` say why."""

    changed: tuple[bool, ...]
    since: str
    known: bool = True
    problems: tuple[Problem, ...] = ()


class Fingerprints:
    """Remembers the fingerprints of the notes that it was asked for last: most notes stay the same between two readings."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Note, Fingerprint]] = {}

    def of(self, note: Note) -> Fingerprint:
        """The fingerprint of a note."""
        known = self._known.get(id(note))
        if known is None or known[0] is not note:
            known = self._known[id(note)] = note, fingerprint(note)
        return known[1]

    def keep(self, notes: Iterable[Note]) -> None:
        """Forget all other notes."""
        self._known = {id(note): self._known[id(note)] for note in notes if id(note) in self._known}


def changed_notes(project: Project, items: Sequence[RenderedNote], lock: Lock, fingerprints: Fingerprints) -> Changes:
    """Compare the notes of a deck with its lock. Nothing is written."""
    release = max(lock.releases, key=lambda each: each.time, default=None)
    since = f"release {release.release}" if release else "the last build"
    try:
        # All retired notes are allowed: nothing is written here.
        _, stamped = identify(
            project, items, lock, int(time.time()), (project.root,), read_originals(project).digests, fingerprints.of
        )
    except DeckError as error:
        return Changes((False,) * len(items), since, known=False, problems=tuple(error.problems))
    known = {entry.guid: entry.mod for entry in lock.notes}
    limit = release.time if release else None
    changed = [
        entry.mod > limit if limit is not None else known.get(entry.guid) != entry.mod for entry in stamped.entries
    ]
    return Changes(tuple(changed), since)
