"""Compare a translation's original with its state when the translation was last edited or confirmed. Pure."""

from collections.abc import Mapping

from deckgen.identity.entries import LockEntry
from deckgen.identity.fingerprint import Fingerprint, digest, fold
from deckgen.model import Note


def original_digest(note: Note) -> str:
    """Return the digest of all that the author wrote of an original (16 hexadecimal digits). White space does not change it."""
    source = note.source.source if note.source else ""
    labelled = (text for name, paragraph in note.labelled for text in (name, paragraph.source))
    texts = (note.question.source, note.answer.source, source, note.definitions, *labelled)
    return digest("\x1f".join(map(fold, (*texts, *filter(None, [note.link_targets])))))


def confirmed_original(note: Fingerprint, before: LockEntry | None, originals: Mapping[str, str]) -> str | None:
    """Return the digest of the original that a translation fits, for the next lock. None if the note has no original.

    `before` is the note's entry in the lock. `originals` maps the ids of notes to the digests of their originals. A translation that is new
    or edited fits the present original. Other translations fit the original that they were confirmed for.
    """
    now = originals.get(note.id or "")
    if now is None or before is None or before.original is None:
        return now
    untouched = (before.question_digest, before.answer_digest) == (note.question_digest, note.answer_digest)
    return before.original if untouched else now
