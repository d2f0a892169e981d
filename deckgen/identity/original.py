"""The note that a translation was made from: whether it changed since an author last saw the two together. Pure."""

from collections.abc import Mapping

from deckgen.identity.entries import LockEntry
from deckgen.identity.fingerprint import Fingerprint, digest, fold
from deckgen.model import Note


def original_digest(note: Note) -> str:
    """The digest of all that the author wrote of an original. White space is folded, so that reflowing a paragraph changes nothing."""
    source = note.source.source if note.source else ""
    labelled = (text for name, paragraph in note.labelled for text in (name, paragraph.source))
    return digest(
        "\x1f".join(map(fold, (note.question.source, note.answer.source, source, note.definitions, *labelled)))
    )


def confirmed_original(note: Fingerprint, before: LockEntry | None, originals: Mapping[str, str]) -> str | None:
    """The digest of the original that a translation fits, as the next lock has it; None if the note has no original.

    `before` is the note's entry, `originals` has the digests of the originals by the notes' ids. A translation that is new or edited fits the
    original as it is now. One that was not touched fits the original that it was confirmed for.
    """
    now = originals.get(note.id or "")
    if now is None or before is None or before.original is None:
        return now
    untouched = (before.question_digest, before.answer_digest) == (note.question_digest, note.answer_digest)
    return before.original if untouched else now
