"""Makes the entry of a note outside of a build: for notes that are imported, pulled, restored or declared new."""

from msgspec.structs import replace

from deckgen.identity.entries import LockEntry, State
from deckgen.identity.fingerprint import Fingerprint


def entry_of(guid: str, note: Fingerprint, *, fields: str = "", mod: int = 0) -> LockEntry:
    """Return the active entry of a note. Without the digest of its `fields`, the next build counts the note as changed."""
    blank = LockEntry(guid, note.kind, None, "", "", "", "", "", fields, mod, State.ACTIVE)
    return with_source(blank, note)


def with_source(entry: LockEntry, note: Fingerprint) -> LockEntry:
    """Return the entry with the source of the note: its id, file, question, digests and dialect."""
    return replace(
        entry,
        id=note.id,
        file=note.file,
        question=note.question,
        question_digest=note.question_digest,
        answer_digest=note.answer_digest,
        sketch=note.sketch,
        dialect=note.dialect,
    )
