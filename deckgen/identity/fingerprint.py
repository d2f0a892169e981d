"""The parts of a note that reconciling compares: exact digests, and a sketch of the answer to measure similarity."""

import hashlib
import zlib

from msgspec import Struct

from deckgen.identity.information import DISTINCTIVE, SUGGESTIVE, information
from deckgen.model import Note

_SHORT = 80  # characters of a shortened question
_SHINGLE = 4  # characters of a shingle
_SKETCH = 16  # hashes of a sketch


class Fingerprint(Struct, frozen=True):
    """A note without its text.

    `file` is the path inside the deck, `place` is `file:line` as problems show it. `question` is shortened to 80 characters.
    `information` is an estimate of the information in the answer, in bits.
    `dialect` is the dialect that deckgen detected for the file; None if the author named one.
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
        """Whether the answer alone identifies the note: no two notes have such an answer by chance ("Yes." is not distinctive)."""
        return self.information >= DISTINCTIVE

    @property
    def is_suggestive(self) -> bool:
        """Whether the answer identifies the note together with its place."""
        return self.information >= SUGGESTIVE


class TextPrint(Struct, frozen=True):
    """The part of a fingerprint that depends only on the texts of a note."""

    question: str
    question_digest: str
    answer_digest: str
    sketch: str
    information: int


def text_print(note: Note) -> TextPrint:
    """The part of the fingerprint of a note that depends only on its texts."""
    question, answer = fold(note.question.source), fold(note.answer.source)
    asked = fold("\n".join([note.question.source, *(text.source for text in note.given)])) if note.given else question
    return TextPrint(shorten(question), digest(asked), digest(answer), sketch(answer), information(answer))


def fingerprint(note: Note, text: TextPrint | None = None) -> Fingerprint:
    """The fingerprint of a note. `text` is its `text_print`, if it is known."""
    text = text or text_print(note)
    return Fingerprint(
        note.kind,
        note.id,
        note.key,
        f"{note.file}:{note.line}",
        text.question,
        text.question_digest,
        text.answer_digest,
        text.sketch,
        text.information,
        note.dialect if note.detected else None,
    )


def fold(text: str) -> str:
    """The text with each run of white space as one blank. A reflowed paragraph gives the same text."""
    return " ".join(text.split())


def shorten(text: str) -> str:
    """The text, cut to 80 characters. A text that is cut ends with "…"."""
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def digest(text: str) -> str:
    """The first 64 bits of the text's SHA-256, as 16 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sketch(text: str) -> str:
    """A bottom-k sketch of the text's 4-character shingles: the 16 smallest of their 16-bit hashes, each as 4 hexadecimal digits.

    The share of common values of two sketches estimates the Jaccard similarity of the two sets of shingles
    (Broder, On the resemblance and containment of documents, 1997).
    """
    pieces = [text[i : i + _SHINGLE].encode() for i in range(max(len(text) - _SHINGLE + 1, 1))]
    # Twice as many hashes are expected below this bound. Few are sorted, so this takes less time.
    bound = 2 * _SKETCH * 0x10000 // len(pieces)
    smallest = {value for piece in pieces if (value := zlib.crc32(piece) & 0xFFFF) < bound}
    if len(smallest) < _SKETCH:
        smallest = {zlib.crc32(piece) & 0xFFFF for piece in pieces}
    return "".join(f"{value:04x}" for value in sorted(smallest)[:_SKETCH])


def question_pieces(question: str) -> frozenset[str]:
    """The characters of a question, and its pairs of neighbouring characters."""
    return frozenset(question) | {question[i : i + 2] for i in range(max(len(question) - 1, 1))}


def sketch_pieces(text: str) -> frozenset[str]:
    """The hashes of a sketch, each as 4 hexadecimal digits."""
    return frozenset(text[i : i + 4] for i in range(0, len(text), 4))


def shared_sample(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    """The 16 smallest hashes of two sketches together. They are a random sample of the shingles of both texts."""
    return frozenset(sorted(left | right)[:_SKETCH])
