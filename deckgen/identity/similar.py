"""Pair notes and entries of the lock by similarity, if no exact rule pairs them. Pure.

A pair is clear, or ambiguous, or no pair.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct

from deckgen.identity.fingerprint import Fingerprint, question_pieces, shared_sample, sketch_pieces
from deckgen.identity.information import is_replaced
from deckgen.identity.lock import LockEntry
from deckgen.identity.places import Place

# The similarity of a pair is from 0 to 1. From _SAME on the two are versions of one note; below _OTHER they are not.
# A clear pair must be better than the next pair by _MARGIN.
_SAME, _OTHER, _MARGIN = 0.6, 0.3, 0.15
# Weight of the similarity of the questions, if the answer was rewritten. It is too low for a clear pair, and enough for an ambiguous one.
_ALONE = 0.4
# If the answers are the same but not distinctive: the similarity of a question that contains the whole other question, at the same
# place and at another place, and the highest similarity if a word of the question was replaced.
_IN_PLACE, _MOVED, _DOUBTFUL = 0.74, 0.64, 0.55
# Factor for two notes with short answers that differ, if a word of the question was replaced too.
_REPLACED = 0.5
# Hashes in a sketch from which on an answer may be distinctive.
_PIECES = 8
# _ENOUGH entries that share rare pieces with a note are looked up. The _FEW with the most common pieces are compared with it.
# The author is asked about _ASKED of them at most.
_ENOUGH, _FEW, _ASKED = 1000, 8, 3

_Pair = tuple[int, int]


class Matched(Struct, frozen=True):
    """The result of `match`, by indices of notes and entries: the clear pairs, and ambiguous note → its most similar entries."""

    pairs: tuple[_Pair, ...]
    ambiguous: Mapping[int, tuple[int, ...]]


def match(
    notes: Sequence[Fingerprint],
    entries: Sequence[LockEntry],
    taken: Sequence[LockEntry],
    places: Sequence[Place | None],
    entry_places: Mapping[str, Place],
) -> Matched:
    """Pair the notes and entries that are clearly most similar. Repeat without the paired ones until no pair is clear.

    `taken` are the entries that are matched already. `places` are the places of the notes, one for each note.
    `entry_places` maps the guids of `entries` to their places.
    If the deck uses one pattern for many notes, a note may be as similar to a taken entry as to one of `entries`.
    Such a similarity is no evidence, unless the note has the same question in the same file.
    """
    if not notes or not entries:
        return Matched((), {})
    index = _Index([*entries, *taken], len(entries), entry_places)
    found = {i: index.similar_entries(note, place) for i, (note, place) in enumerate(zip(notes, places))}
    others = {i: max((s for j, s in scores.items() if j >= len(entries)), default=0.0) for i, scores in found.items()}
    left = {
        (i, j): s
        for i, scores in found.items()
        for j, s in scores.items()
        if j < len(entries)
        and s >= _OTHER
        and (s >= _SAME or s > others[i] or _has_same_question(notes[i], entries[j]))
    }
    pairs: list[_Pair] = []
    while clear := _clear_pairs(left, others):
        pairs += clear
        rows, columns = {i for i, _ in clear}, {j for _, j in clear}
        left = {(i, j): score for (i, j), score in left.items() if i not in rows and j not in columns}
    ambiguous: dict[int, list[int]] = defaultdict(list)
    for (i, j), _ in sorted(left.items(), key=lambda item: (-item[1], item[0])):
        ambiguous[i].append(j)
    return Matched(tuple(pairs), {i: tuple(ambiguous[i][:_ASKED]) for i in sorted(ambiguous)})


def _has_same_question(note: Fingerprint, entry: LockEntry) -> bool:
    """Whether note and entry have the same question in the same file. Other notes may have it there too."""
    return (note.file, note.question_digest) == (entry.file, entry.question_digest)


def _clear_pairs(scores: Mapping[_Pair, float], others: Mapping[int, float]) -> list[_Pair]:
    """The clear pairs: their similarity is _SAME or more, and better by _MARGIN than all other pairs of the note and the entry.

    `scores` maps pairs to similarities. `others` maps a note to its highest similarity with a taken entry.
    """
    best_of_note, best_of_entry = (
        _two_best((i, s) for (i, _), s in scores.items()),
        _two_best((j, s) for (_, j), s in scores.items()),
    )
    return [
        (i, j)
        for (i, j), score in sorted(scores.items())
        if score >= _SAME
        and score - max(others[i], _rival(best_of_note[i], score), _rival(best_of_entry[j], score)) >= _MARGIN
    ]


def _two_best(scores: Iterable[tuple[Hashable, float]]) -> dict[Hashable, tuple[float, float]]:
    """Key → its two highest scores, the highest first."""
    best: dict[Hashable, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for key, score in scores:
        first, second = best[key]
        best[key] = (score, first) if score > first else (first, max(second, score))
    return best


def _rival(best: tuple[float, float], score: float) -> float:
    """The highest of the scores without this one. `best` are the two highest scores."""
    first, second = best
    return second if score == first else first


class _Side(Struct, frozen=True):
    """The parts of a note or an entry that are compared: the pieces of its question and of its answer.

    No text is a piece of a question and also of an answer. `answer` is the digest of the answer.
    The lock does not have the information of an answer. So `distinctive` of an entry is estimated from its number of pieces.
    """

    question: str
    question_pieces: frozenset[str]
    answer_pieces: frozenset[str]
    answer: str
    distinctive: bool
    place: Place | None

    @classmethod
    def of(cls, side: Fingerprint | LockEntry, place: Place | None = None) -> "_Side":
        """The parts of a note or an entry."""
        pieces = sketch_pieces(side.sketch)
        distinctive = side.is_distinctive if isinstance(side, Fingerprint) else len(pieces) >= _PIECES
        return cls(side.question, question_pieces(side.question), pieces, side.answer_digest, distinctive, place)


class _Index:
    """An index of entries by their pieces. It finds the entries that are similar to a note.

    The first `free` entries are not matched yet. The weight of a piece is its inverse document frequency: log((n + 1) / entries with it)
    (Spärck Jones, A statistical interpretation of term specificity, 1972). Pieces that most notes of the deck have weigh almost nothing.
    A piece that no entry has weighs half of the rarest piece, because an author who edits a note adds new text.
    """

    def __init__(self, entries: Sequence[LockEntry], free: int, places: Mapping[str, Place]):
        self._entries = entries
        self._free = free
        self._sides = [_Side.of(entry, places.get(entry.guid)) for entry in entries]
        self._answers = Counter(entry.answer_digest for entry in entries)
        self._holders: dict[str, list[int]] = defaultdict(list)
        for j, side in enumerate(self._sides):
            for piece in chain(side.question_pieces, side.answer_pieces):
                self._holders[piece].append(j)
        self._weights = {piece: math.log((len(entries) + 1) / len(holders)) for piece, holders in self._holders.items()}
        self._new = math.log(len(entries) + 1) / 2

    def similar_entries(self, note: Fingerprint, place: Place | None) -> dict[int, float]:
        """Index of an entry → similarity (0 to 1). It has the _FEW free and the _FEW taken entries with most pieces in common."""
        side = _Side.of(note, place)
        shared = Counter(chain.from_iterable(self._rarest(side)))
        best = sorted((j for j in shared if _comparable(note, self._entries[j])), key=lambda j: (-shared[j], j))
        free, others = ([j for j in best if (j < self._free) is wanted][:_FEW] for wanted in (True, False))
        return {j: self._similarity(side, self._sides[j]) for j in (*free, *others)}

    def _rarest(self, side: _Side) -> Iterator[list[int]]:
        """Yield the entries of each piece of the side, the rarest piece first, until there are more than _ENOUGH entries."""
        enough = 0
        for holders in sorted(
            (self._holders.get(piece, []) for piece in chain(side.question_pieces, side.answer_pieces)), key=len
        ):
            yield holders
            enough += len(holders)
            if enough > _ENOUGH:
                return

    def _similarity(self, note: _Side, entry: _Side) -> float:
        """The similarity of a note and an entry, from 0 to 1.

        It is the geometric mean of two values: Dice's coefficient of the questions and Jaccard's coefficient of the answers.
        So a pair without a common answer is not clear. If an answer is not distinctive, or several entries have it, the question decides.
        """
        shared, own, others = map(
            self._weight, (note.question_pieces & entry.question_pieces, note.question_pieces, entry.question_pieces)
        )
        dice = 2 * shared / (own + others)
        sample = shared_sample(note.answer_pieces, entry.answer_pieces)
        jaccard = self._weight(note.answer_pieces & entry.answer_pieces & sample) / self._weight(sample)
        common = note.answer == entry.answer and self._answers[note.answer] > 1
        if note.distinctive and entry.distinctive and not common:
            return max(math.sqrt(dice * jaccard), dice * _ALONE)
        replaced = is_replaced(entry.question, note.question)
        if note.answer != entry.answer:
            return dice * (3 + jaccard) / 5 * (_REPLACED if replaced else 1)
        if replaced:
            return min(dice * 4 / 5, _DOUBTFUL)
        stayed = note.place is not None and note.place == entry.place
        return shared / min(own, others) * (_IN_PLACE if stayed else _MOVED)

    def _weight(self, pieces: Iterable[str]) -> float:
        """The sum of the weights of pieces."""
        return sum(self._weights.get(piece, self._new) for piece in pieces)


def _comparable(note: Fingerprint, entry: LockEntry) -> bool:
    """Whether a note and an entry may be paired by similarity: they have the same kind, and not both have an explicit id."""
    return note.kind == entry.kind and not (note.id and entry.id)
