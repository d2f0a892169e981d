"""From pairs to the next lock: `mod` moves when what the package holds of a note moves, and never otherwise."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from deckgen.identity.fingerprint import Fingerprint
from deckgen.identity.lock import Entry, Lock, State, TypeEntry
from deckgen.identity.reconcile import Reconciled
from deckgen.model import Kind, RenderedNote


@dataclass(frozen=True, slots=True)
class Stamped:
    """The lock after this build, and of it the entries that run parallel to the notes. The counts are of this build."""

    lock: Lock
    entries: tuple[Entry, ...]
    added: int
    changed: int
    unchanged: int
    retired: int


def fields_digest(rendered: RenderedNote) -> str:
    """What changes when the fields, the tags or the media of a note do, as 16 hexadecimal digits."""
    parts = [*rendered.fields.values(), "\x1e", *rendered.note.tags, "\x1e", *(media.name for media in rendered.media)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def stamp(notes: Sequence[Fingerprint], digests: Sequence[str], found: Reconciled, types: Mapping[Kind, str],
          old: Lock, now: int, parts: Sequence[Mapping[str, int]]) -> Stamped:
    """The next lock. `digests` are the fields' digests, `types` those of the note types in use, `now` is in seconds.

    `parts` are the numbers of the cards of each note that occludes a picture.
    """
    active = tuple(
        Entry(guid, note.kind, note.id, note.file, note.question, note.asked, note.answered, note.sketch, fields,
              _mod(entry, fields, now), State.ACTIVE, numbers, note.dialect)
        for note, fields, guid, entry, numbers in zip(notes, digests, found.guids, found.entries, parts)
    )
    # A note that its author declared new has an entry already, without a time.
    known = [entry for entry in found.entries if entry and entry.mod and entry.state is State.ACTIVE]
    unchanged = sum(bool(entry) and entry.state is State.ACTIVE and entry.fields == fields
                    for entry, fields in zip(found.entries, digests))
    return Stamped(
        replace(old, notes=tuple(_with_retired(active, {entry.guid for entry in found.gone}, old)), types=_types(types, old, now)), active,
        added=len(notes) - len(known), changed=len(known) - unchanged, unchanged=unchanged,
        retired=sum(entry.state is State.ACTIVE for entry in found.gone),
    )


def _with_retired(active: Sequence[Entry], gone: Collection[str], old: Lock) -> Iterator[Entry]:
    """The notes in reading order, and those that are gone where they stood, after the same note.

    At the end of the lock two branches that each retire a note would write into the same place.
    """
    after: dict[str | None, list[Entry]] = defaultdict(list)
    above = None
    for entry in old.notes:
        if entry.guid in gone:
            after[above].append(replace(entry, state=State.RETIRED))
        else:
            above = entry.guid
    yield from after[None]
    for entry in active:
        yield entry
        yield from after[entry.guid]


def _mod(entry: Entry | None, fields: str, now: int) -> int:
    """Anki takes an update only if it is strictly newer, so a change is stamped later than the time before it.

    A note that comes back is a change too: the cleanup package may have told Anki that it had been retired.
    """
    if entry is None:
        return now
    same = entry.fields == fields and entry.state is State.ACTIVE
    return entry.mod if same else max(now, entry.mod + 1)


def _types(digests: Mapping[Kind, str], old: Lock, now: int) -> tuple[TypeEntry, ...]:
    entries = []
    for kind in Kind:
        before = old.type_of(kind)
        digest = digests.get(kind)
        if digest is None or (before and before.digest == digest):
            entries += [before] if before else []
        else:
            entries.append(TypeEntry(kind, digest, max(now, before.mod + 1) if before else now))
    return tuple(entries)
