"""What a build changes, note by note, and why: the lock's entries before and after it, compared. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from deckgen.identity.fingerprint import Fingerprint
from deckgen.identity.lock import LockEntry, State

# How many notes are named where there may be many: a screenful.
SCREENFUL = 20


class Change(StrEnum):
    """What happened to a note. RECORDED: the package holds the same of it, but its file or its source in the lock is another."""

    RETIRED = "retired"
    CHANGED = "changed"
    ADDED = "added"
    RECORDED = "recorded"


class Reason(StrEnum):
    """What differs of a note since the last build.

    TEXT is what its author wrote, TAGS and SECTION come from there or from front matter and headings above, FIGURE is a computed
    picture, MEDIA another file. RENDERING: none of these, so deckgen, `deck.toml` or white space made other fields of them. FILE: it
    is in another file. BACK: it was retired. If the lock cannot tell what differs, there is no reason.
    """

    TEXT = "text"
    SECTION = "section"
    TAGS = "tags"
    FIGURE = "figure"
    MEDIA = "media"
    RENDERING = "rendering"
    FILE = "file"
    BACK = "back"


_INPUTS = (Reason.TEXT, Reason.SECTION, Reason.TAGS, Reason.FIGURE, Reason.MEDIA)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """A note that a build changes. `file` is its path as problems show it; of a retired note, that inside the deck, and `line` is 0."""

    change: Change
    guid: str
    file: str
    line: int
    question: str
    reasons: tuple[Reason, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def changes(
    notes: Sequence[Fingerprint],
    before: Sequence[LockEntry | None],
    after: Sequence[LockEntry],
    removed: Iterable[LockEntry],
) -> Iterator[EntryChange]:
    """The notes that differ. `notes`, `before` and `after` run parallel; `removed` are the entries without a note, retired already or not.

    What learners may miss comes first: retired notes, then those changed, then those added, each in reading order.
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

    # A note that its author declared new has an entry already, without a time.
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
    """The inputs that differ, where both entries know theirs."""
    if before.inputs and after.inputs:
        yield from (reason for reason in _INPUTS if before.inputs.get(reason) != after.inputs.get(reason))


def _source(entry: LockEntry) -> tuple[str | None, ...]:
    return entry.file, entry.id, entry.question_digest, entry.answer_digest, entry.original
