"""From pairs to the next lock: `mod` moves when what the package holds of a note moves, and never otherwise."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from deckgen.identity.changes import Change, EntryChange, Reason, changes
from deckgen.identity.fingerprint import Fingerprint, digest, fold
from deckgen.identity.lock import Lock, LockedNoteType, LockEntry, State
from deckgen.identity.reconcile import Reconciliation
from deckgen.model import Note, RenderedNote
from deckgen.notetypes import place_in_lock

# Hexadecimal digits of an input's digest: it only says whether something differs from what it was.
_INPUT = 8


@dataclass(frozen=True, slots=True)
class StampedLock:
    """The lock after this build, and of it the entries that run parallel to the notes.

    `changes` are the notes that differ from the last build; `looks` are the note types whose templates or CSS do.
    """

    lock: Lock
    entries: tuple[LockEntry, ...]
    changes: tuple[EntryChange, ...] = ()
    looks: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        return self._count(Change.ADDED)

    @property
    def changed(self) -> int:
        return self._count(Change.CHANGED)

    @property
    def unchanged(self) -> int:
        return len(self.entries) - self.added - self.changed

    @property
    def retired(self) -> int:
        return self._count(Change.RETIRED)

    def _count(self, change: Change) -> int:
        return sum(item.change is change for item in self.changes)


@dataclass(frozen=True, slots=True)
class Content:
    """What the lock keeps of a rendered note: `fields` is the digest of all that the package holds of it, `inputs` as in `LockEntry`."""

    fields: str
    inputs: Mapping[str, str]


def content_of(rendered: RenderedNote) -> Content:
    return Content(_fields_digest(rendered), _inputs(rendered))


def _fields_digest(rendered: RenderedNote) -> str:
    """What changes when the fields, the tags or the media of a note do, as 16 hexadecimal digits."""
    parts = [*rendered.fields.values(), "\x1e", *rendered.note.tags, "\x1e", *(media.name for media in rendered.media)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _inputs(rendered: RenderedNote) -> dict[str, str]:
    """White space is folded: reflowing a paragraph changes no digest. What a note does not have is left out, but never its text."""
    note = rendered.note
    source = note.source.source if note.source else ""
    written = (
        note.question.source,
        note.answer.source,
        source,
        note.definitions,
        *_labelled(note),
        *(text.source for text in note.given),
    )
    made_from = {
        Reason.TEXT: [*map(fold, written), note.id or "", *sorted(note.classes)],
        Reason.SECTION: note.section,
        Reason.TAGS: note.tags,
        Reason.FIGURE: [*(media.name for media in rendered.media if media.figure), *map(repr, rendered.parts)],
        Reason.MEDIA: [media.name for media in rendered.media if not media.figure],
    }
    return {reason.value: digest("\x1f".join(parts))[:_INPUT] for reason, parts in made_from.items() if parts}


def _labelled(note: Note) -> list[str]:
    return [text for name, paragraph in note.labelled for text in (name, paragraph.source)]


def stamp(
    notes: Sequence[Fingerprint],
    contents: Sequence[Content],
    found: Reconciliation,
    types: Sequence[LockedNoteType],
    old: Lock,
    now: int,
    parts: Sequence[Mapping[str, int]],
) -> StampedLock:
    """The next lock. `types` are the rows of the note types in use, whose time is not known yet; `now` is in seconds.

    `parts` are the numbers of the cards of each note that occludes a picture.
    """
    active = tuple(
        LockEntry(
            guid,
            note.kind,
            note.id,
            note.file,
            note.question,
            note.question_digest,
            note.answer_digest,
            note.sketch,
            content.fields,
            _mod(entry, content.fields, now),
            State.ACTIVE,
            numbers,
            note.dialect,
            content.inputs,
        )
        for note, content, guid, entry, numbers in zip(notes, contents, found.guids, found.entries, parts)
    )
    notes_of_all = tuple(_with_retired(active, {entry.guid for entry in found.removed}, old))
    lock = replace(old, notes=notes_of_all, types=_types(types, old, now))
    looks = tuple(
        entry.notetype
        for entry in lock.types
        if (before := old.type_of(entry.notetype)) and before.digest != entry.digest
    )
    return StampedLock(lock, active, tuple(changes(notes, found.entries, active, found.removed)), looks)


def _with_retired(active: Sequence[LockEntry], removed: Collection[str], old: Lock) -> Iterator[LockEntry]:
    """The notes in reading order, and the removed ones at their old place, after the same note.

    At the end of the lock two branches that each retire a note would write into the same place.
    """
    after: dict[str | None, list[LockEntry]] = defaultdict(list)
    above = None
    for entry in old.notes:
        if entry.guid in removed:
            after[above].append(replace(entry, state=State.RETIRED))
        else:
            above = entry.guid
    yield from after[None]
    for entry in active:
        yield entry
        yield from after[entry.guid]


def _mod(entry: LockEntry | None, fields: str, now: int) -> int:
    """Anki takes an update only if it is strictly newer, so a change is stamped later than the time before it.

    A note that comes back is a change too: the cleanup package may have told Anki that it had been retired.
    """
    if entry is None:
        return now
    same = entry.fields == fields and entry.state is State.ACTIVE
    return entry.mod if same else max(now, entry.mod + 1)


def _types(used: Sequence[LockedNoteType], old: Lock, now: int) -> tuple[LockedNoteType, ...]:
    entries = []
    rows = {row.notetype: row for row in used}
    for kind in sorted({*rows, *(entry.notetype for entry in old.types)}, key=place_in_lock):
        before = old.type_of(kind)
        row = rows.get(kind)
        if row is None or (before and before.digest == row.digest):
            entries += [before] if before else []
        else:
            entries.append(replace(row, mod=max(now, before.mod + 1) if before else now))
    return tuple(entries)
