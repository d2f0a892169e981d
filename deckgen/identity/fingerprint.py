"""What reconciling compares of a note: exact digests, and a sketch of the answer for likeness."""

import hashlib
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

from deckgen.model import Kind, Note

_SHORT = 80
_SHINGLE = 4
_SKETCH = 16


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A note without its text. `place` is `file:line` as problems show it."""

    kind: Kind
    id: str | None
    file: str
    place: str
    question: str
    asked: str
    answered: str
    sketch: str


def fingerprint(note: Note) -> Fingerprint:
    question, answer = fold(note.question.source), fold(note.answer.source)
    return Fingerprint(note.kind, note.id, note.key, f"{note.file}:{note.line}", shorten(question), digest(question),
                       digest(answer), sketch(answer))


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


def telling(text: str) -> bool:
    """Whether the text of a sketch is long enough (some 19 characters) to be told from others by what it says."""
    return len(text) == 4 * _SKETCH


def likeness(a: str, b: str) -> float:
    """The estimated Jaccard similarity of the texts of two sketches, from 0 to 1."""
    left, right = sketch_values(a), sketch_values(b)
    union = sorted(left | right)[:_SKETCH]
    return sum(value in left and value in right for value in union) / len(union) if union else 1.0


@lru_cache(maxsize=1 << 15)
def sketch_values(text: str) -> frozenset[int]:
    """The hashes that a sketch is made of."""
    return frozenset(int(text[i : i + 4], 16) for i in range(0, len(text), 4))
