"""Pair notes and entries by similarity, when no exact rule pairs them: clearly, perhaps, or not at all. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from deckgen.identity.fingerprint import Fingerprint, question_pieces, shared_sample, sketch_pieces
from deckgen.identity.information import is_replaced
from deckgen.identity.lock import LockEntry
from deckgen.identity.places import Place

# Similarity of a pair runs from 0 to 1. Above _SAME two texts are versions of one another, below _OTHER they are not;
# the best pair must beat the next by _MARGIN.
_SAME, _OTHER, _MARGIN = 0.6, 0.3, 0.15
# What a question counts for alone, where the answer was written anew: too little to pair by, enough to ask about.
_ALONE = 0.4
# Where the same answer tells little: what a question counts for that holds all of the other one, in its old place and in another. Where
# a word of the question was replaced by another, the pair is doubtful at best.
_IN_PLACE, _MOVED, _DOUBTFUL = 0.74, 0.64, 0.55
# What is left of the likeness of two short notes whose answers differ, where a word of the question was replaced too.
_REPLACED = 0.5
# From how many pieces of an answer on it may be one that tells something.
_PIECES = 8
# How many entries are looked at for a note: those that share its rarest pieces, and of them the few that share most;
# what the author is asked about is fewer still.
_ENOUGH, _FEW, _ASKED = 1000, 8, 3

_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Matched:
    """By their places in what was given: the pairs that are clear, and for each note in doubt the few likeliest entries."""

    pairs: tuple[_Pair, ...]
    ambiguous: Mapping[int, tuple[int, ...]]


def match(
    notes: Sequence[Fingerprint],
    entries: Sequence[LockEntry],
    taken: Sequence[LockEntry],
    places: Sequence[Place | None],
    were: Mapping[str, Place],
) -> Matched:
    """Pair what is clearly most similar, round after round: what one round takes is no rival in the next.

    `taken` are the entries that have their notes; `places` are those of the notes, `were` those of the free entries by guid. A note as much like one of those as like a free one follows the deck's
    pattern, which does not say that it is either; but whose question was asked in the same file is asked about.
    """
    if not notes or not entries:
        return Matched((), {})
    index = _Index([*entries, *taken], len(entries), were)
    found = {i: index.near(note, place) for i, (note, place) in enumerate(zip(notes, places))}
    others = {i: max((s for j, s in scores.items() if j >= len(entries)), default=0.0) for i, scores in found.items()}
    left = {
        (i, j): s
        for i, scores in found.items()
        for j, s in scores.items()
        if j < len(entries) and s >= _OTHER and (s >= _SAME or s > others[i] or _namesakes(notes[i], entries[j]))
    }
    pairs: list[_Pair] = []
    while clear := _clear(left, others):
        pairs += clear
        rows, columns = {i for i, _ in clear}, {j for _, j in clear}
        left = {(i, j): score for (i, j), score in left.items() if i not in rows and j not in columns}
    ambiguous: dict[int, list[int]] = defaultdict(list)
    for (i, j), _ in sorted(left.items(), key=lambda item: (-item[1], item[0])):
        ambiguous[i].append(j)
    return Matched(tuple(pairs), {i: tuple(ambiguous[i][:_ASKED]) for i in sorted(ambiguous)})


def _namesakes(note: Fingerprint, entry: LockEntry) -> bool:
    """Whether the same question is asked in the same file, though others may ask it there too."""
    return (note.file, note.question_digest) == (entry.file, entry.question_digest)


def _clear(scores: Mapping[_Pair, float], others: Mapping[int, float]) -> list[_Pair]:
    """The pairs that are versions of one another, and far better than every other pair of either side."""
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
    best: dict[Hashable, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for key, score in scores:
        first, second = best[key]
        best[key] = (score, first) if score > first else (first, max(second, score))
    return best


def _rival(best: tuple[float, float], score: float) -> float:
    """The best score of the other pairs."""
    first, second = best
    return second if score == first else first


@dataclass(frozen=True, slots=True)
class _Side:
    """What a note or an entry is compared by: pieces of its question, and of its answer; none is a piece of both.

    `answer` is the answer's digest. Of an entry the lock knows no more of the answer than its pieces.
    """

    question: str
    question_pieces: frozenset[str]
    answer_pieces: frozenset[str]
    answer: str
    distinctive: bool
    place: Place | None

    @classmethod
    def of(cls, side: Fingerprint | LockEntry, place: Place | None = None) -> "_Side":
        pieces = sketch_pieces(side.sketch)
        distinctive = side.is_distinctive if isinstance(side, Fingerprint) else len(pieces) >= _PIECES
        return cls(side.question, question_pieces(side.question), pieces, side.answer_digest, distinctive, place)


class _Index:
    """Entries, the free ones first, to be asked which of them a note may be a version of.

    How much a piece tells is the logarithm of how few entries hold it (Spärck Jones, A statistical interpretation of term
    specificity, 1972): what the whole deck's pattern is made of tells next to nothing. A piece that none holds tells half
    of what the rarest does, for whoever edits a note writes something new.
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

    def near(self, note: Fingerprint, place: Place | None) -> dict[int, float]:
        """Entry → similarity, of the few free entries and the few others that share most rare pieces with the note."""
        side = _Side.of(note, place)
        shared = Counter(chain.from_iterable(self._rarest(side)))
        best = sorted((j for j in shared if _comparable(note, self._entries[j])), key=lambda j: (-shared[j], j))
        free, others = ([j for j in best if (j < self._free) is wanted][:_FEW] for wanted in (True, False))
        return {j: self._similarity(side, self._sides[j]) for j in (*free, *others)}

    def _rarest(self, side: _Side) -> Iterator[list[int]]:
        """The holders of the side's rarest pieces, enough of them to find what is like it."""
        enough = 0
        for holders in sorted(
            (self._holders.get(piece, []) for piece in chain(side.question_pieces, side.answer_pieces)), key=len
        ):
            yield holders
            enough += len(holders)
            if enough > _ENOUGH:
                return

    def _similarity(self, note: _Side, entry: _Side) -> float:
        """How alike question and answer are, from 0 to 1: the geometric mean, for without an answer in common nothing is clear.

        Of questions it is Dice's coefficient, of answers Jaccard's. Where an answer tells too
        little, or several notes have it, the question decides.
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
        return sum(self._weights.get(piece, self._new) for piece in pieces)


def _comparable(note: Fingerprint, entry: LockEntry) -> bool:
    """Whether likeness may decide: not over a change of kind, nor between two ids that the author gave."""
    return note.kind == entry.kind and not (note.id and entry.id)
