"""Compare the entries of the lock before and after a build: which notes change, and why. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from deckgen.build_result import SCREENFUL as SCREENFUL
from deckgen.build_result import Change as Change
from deckgen.build_result import EntryChange as EntryChange
from deckgen.build_result import Reason as Reason
from deckgen.identity.fingerprint import Fingerprint
from deckgen.identity.lock import LockEntry, State

_INPUTS = (Reason.TEXT, Reason.SECTION, Reason.TAGS, Reason.FIGURE, Reason.MEDIA)


def changes(
    notes: Sequence[Fingerprint],
    before: Sequence[LockEntry | None],
    after: Sequence[LockEntry],
    removed: Iterable[LockEntry],
) -> Iterator[EntryChange]:
    """Yield the notes that differ. Item i of `notes`, `before` and `after` belongs to one note; `before` has None for a new note.

    `removed` are the entries without a note: those that are retired now, and those that were retired before.
    Retired notes come first, because learners lose them. Then come changed notes, then added notes, each in reading order.
    """
    found = [_change(*sides) for sides in zip(notes, before, after)]
    yield from (
        EntryChange(Change.RETIRED, entry.guid, entry.file, 0, entry.question)
        for entry in removed
        if entry.state is State.ACTIVE
    )
    for change in (Change.CHANGED, Change.ADDED, Change.RECORDED):
        yield from (item for item in found if item and item.change is change)


def _change(note: Fingerprint, before: LockEntry | None, after: LockEntry) -> EntryChange | None:
    file, _, line = note.place.rpartition(":")

    def changed(change: Change, *reasons: Reason) -> EntryChange:
        return EntryChange(change, after.guid, file, int(line), note.question, reasons)

    # `deckgen lock new` writes an entry without a time.
    if before is None or not before.mod:
        return changed(Change.ADDED)
    if before.state is State.RETIRED:
        return changed(Change.ADDED, Reason.BACK)
    if before.fields != after.fields:
        return changed(Change.CHANGED, *_reasons(before, after))
    inputs, moved = tuple(_inputs(before, after)), (Reason.FILE,) if before.file != after.file else ()
    if inputs or _source(before) != _source(after):
        return changed(Change.RECORDED, *inputs, *moved)
    return None


def _reasons(before: LockEntry, after: LockEntry) -> tuple[Reason, ...]:
    if before.inputs:
        return tuple(_inputs(before, after)) or (Reason.RENDERING,)
    return (
        (Reason.TEXT,)
        if (before.question_digest, before.answer_digest) != (after.question_digest, after.answer_digest)
        else ()
    )


def _inputs(before: LockEntry, after: LockEntry) -> Iterator[Reason]:
    """Yield the inputs that differ, if both entries have digests of their inputs."""
    if before.inputs and after.inputs:
        yield from (reason for reason in _INPUTS if before.inputs.get(reason) != after.inputs.get(reason))


def _source(entry: LockEntry) -> tuple[str | None, ...]:
    return entry.file, entry.id, entry.question_digest, entry.answer_digest, entry.original
