"""What reconciling compares of a note: exact digests, and a sketch of the answer for likeness."""

import hashlib
import re
import zlib
from dataclasses import dataclass

from deckgen.identity.information import DISTINCTIVE, SUGGESTIVE, information
from deckgen.model import Note

_SHORT = 80
_SHINGLE = 4
_SKETCH = 16


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A note without its text. `place` is `file:line` as problems show it, `information` what the answer tells, in bits.

    `dialect` is the one that its file was found to be written in; None where the author named it.
    """

    kind: str
    id: str | None
    file: str
    place: str
    question: str
    question_digest: str
    answer_digest: str
    sketch: str
    information: int
    dialect: str | None = None

    @property
    def is_distinctive(self) -> bool:
        """Whether no other note has the same answer by chance, so that it decides alone ("Yes." does not)."""
        return self.information >= DISTINCTIVE

    @property
    def is_suggestive(self) -> bool:
        """Whether the answer decides together with the place of the note."""
        return self.information >= SUGGESTIVE


def fingerprint(note: Note) -> Fingerprint:
    question, answer = fold(note.question.source), fold(note.answer.source)
    asked = fold("\n".join([note.question.source, *(text.source for text in note.given)]))
    return Fingerprint(
        note.kind,
        note.id,
        note.key,
        f"{note.file}:{note.line}",
        shorten(question),
        digest(asked),
        digest(answer),
        sketch(answer),
        information(answer),
        note.dialect if note.detected else None,
    )


def fold(text: str) -> str:
    """The text with its white space folded: what a reflowed paragraph does not change."""
    return re.sub(r"\s+", " ", text).strip()


def shorten(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def digest(text: str) -> str:
    """64 bits of SHA-256, as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sketch(text: str) -> str:
    """A bottom-k sketch of the text's 4-character shingles: the 16 smallest of their 16-bit hashes, as hexadecimal.

    The share of values two sketches have in common estimates the Jaccard similarity of the shingle sets (Broder,
    On the resemblance and containment of documents, 1997).
    """
    data = {text[i : i + _SHINGLE] for i in range(max(len(text) - _SHINGLE + 1, 1))}
    hashes = sorted({zlib.crc32(piece.encode()) & 0xFFFF for piece in data})
    return "".join(f"{value:04x}" for value in hashes[:_SKETCH])


def question_pieces(question: str) -> frozenset[str]:
    """The characters of a question, and each two that follow one another."""
    return frozenset(question) | {question[i : i + 2] for i in range(max(len(question) - 1, 1))}


def sketch_pieces(text: str) -> frozenset[str]:
    """The hashes that a sketch is made of, of four digits each."""
    return frozenset(text[i : i + 4] for i in range(0, len(text), 4))


def shared_sample(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    """The hashes by which two sketches may be compared: a sample of all that either text is made of."""
    return frozenset(sorted(left | right)[:_SKETCH])
