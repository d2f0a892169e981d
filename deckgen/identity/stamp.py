"""Make the next lock from the matched notes. The time of change (`mod`) of a note changes only if its content in the package changes."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from deckgen.identity.changes import Change, EntryChange, Reason, changes
from deckgen.identity.fingerprint import Fingerprint, digest, fold
from deckgen.identity.lock import Lock, LockedNoteType, LockEntry, State
from deckgen.identity.original import confirmed_original
from deckgen.identity.reconcile import Reconciliation
from deckgen.model import Note, RenderedNote
from deckgen.notetypes import lock_order

# Hexadecimal digits of the digest of an input. Few are enough, because a digest is only compared with the one before it.
_INPUT = 8


class StampedLock(Struct, frozen=True):
    """The lock after this build. `entries` are its entries of the notes; item i belongs to note i.

    `changes` are the notes that differ from the last build. `changed_types` are the note types with other templates or other CSS.
    """

    lock: Lock
    entries: tuple[LockEntry, ...]
    changes: tuple[EntryChange, ...] = ()
    changed_types: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        return self._count(Change.ADDED)

    @property
    def changed(self) -> int:
        return self._count(Change.CHANGED)

    @property
    def retired(self) -> int:
        return self._count(Change.RETIRED)

    def _count(self, change: Change) -> int:
        return sum(item.change is change for item in self.changes)


class Content(Struct, frozen=True):
    """What the lock stores of a rendered note: `fields` and `inputs` of its `LockEntry`."""

    fields: str
    inputs: Mapping[str, str]


def content_of(rendered: RenderedNote) -> Content:
    """The digests of a rendered note."""
    return Content(_fields_digest(rendered), _inputs(rendered))


def _fields_digest(rendered: RenderedNote) -> str:
    """A digest of the fields, the tags and the media of a note, as 16 hexadecimal digits."""
    parts = [*rendered.fields.values(), "\x1e", *rendered.note.tags, "\x1e", *(media.name for media in rendered.media)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _inputs(rendered: RenderedNote) -> dict[str, str]:
    """Reason → digest of the input of the fields, as 8 hexadecimal digits. Inputs that a note does not have are left out.

    White space is folded, so a reflowed paragraph changes no digest.
    """
    note = rendered.note
    source = note.source.source if note.source else ""
    written = (
        note.question.source,
        note.answer.source,
        source,
        note.definitions,
        *_labelled(note),
        *(text.source for text in note.given),
        # Locks of notes without link targets stay as they are.
        *filter(None, [note.link_targets]),
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
    """The labels and texts of the labelled paragraphs, in turn."""
    return [text for name, paragraph in note.labelled for text in (name, paragraph.source)]


def stamp(
    notes: Sequence[Fingerprint],
    contents: Sequence[Content],
    found: Reconciliation,
    types: Sequence[LockedNoteType],
    old: Lock,
    now: int,
    parts: Sequence[Mapping[str, int]],
    originals: Mapping[str, str],
) -> StampedLock:
    """The next lock. Item i of `contents` and of `parts` belongs to note i. `now` is the time of the build, in seconds (Unix time).

    `types` are the rows of the note types in use, without their times. `old` is the lock of the last build.
    `parts` maps the names of an image-occlusion note's cards to their numbers; it is empty for other notes.
    `originals` maps the ids of the notes that are translated to their digests.
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
            confirmed_original(note, entry, originals),
        )
        for note, content, guid, entry, numbers in zip(notes, contents, found.guids, found.entries, parts)
    )
    notes_of_all = tuple(_with_retired(active, {entry.guid for entry in found.removed}, old))
    lock = replace(old, notes=notes_of_all, types=_types(types, old, now))
    changed_types = tuple(
        entry.notetype
        for entry in lock.types
        if (before := old.type_of(entry.notetype)) and before.digest != entry.digest
    )
    return StampedLock(lock, active, tuple(changes(notes, found.entries, active, found.removed)), changed_types)


def _with_retired(active: Sequence[LockEntry], removed: Collection[str], old: Lock) -> Iterator[LockEntry]:
    """Yield the notes in reading order, with each removed note at its old place: after the same note as before.

    Removed notes do not go to the end of the lock. There, two branches that each retire a note would cause a merge conflict.
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
    """The time of change of a note, in seconds. Anki takes an update only if its time is later, so a change gets a later time.

    A retired note that comes back gets a later time too: learners may have it with the banner of the cleanup package.
    """
    if entry is None:
        return now
    same = entry.fields == fields and entry.state is State.ACTIVE
    return entry.mod if same else max(now, entry.mod + 1)


def _types(used: Sequence[LockedNoteType], old: Lock, now: int) -> tuple[LockedNoteType, ...]:
    """The rows of the note types. A type with another digest gets a later time. A type out of use stays as it is."""
    entries = []
    rows = {row.notetype: row for row in used}
    for kind in sorted({*rows, *(entry.notetype for entry in old.types)}, key=lock_order):
        before = old.type_of(kind)
        row = rows.get(kind)
        if row is None or (before and before.digest == row.digest):
            entries += [before] if before else []
        else:
            entries.append(replace(row, mod=max(now, before.mod + 1) if before else now))
    return tuple(entries)
