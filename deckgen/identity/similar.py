"""Which of the notes that nothing exact decides are versions of which entries: clearly, perhaps, or not at all. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from deckgen.identity.fingerprint import Fingerprint, likeness, sketch_values
from deckgen.identity.lock import Entry

# Similarity of a pair runs from 0 to 1. Above _SAME two texts are versions of one another, below _OTHER they are not;
# the best pair must beat the next by _MARGIN.
_SAME, _OTHER, _MARGIN = 0.6, 0.4, 0.15

_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Matched:
    """By their places in what was given: the pairs that are clear, and for each note in doubt the entries it may be."""

    pairs: tuple[_Pair, ...]
    doubts: Mapping[int, tuple[int, ...]]


def match(notes: Sequence[Fingerprint], entries: Sequence[Entry]) -> Matched:
    """Pair what is clearly most similar, round after round: what one round takes is no rival in the next."""
    left = dict(_likely(notes, entries))
    pairs: list[_Pair] = []
    while taken := _clear(left):
        pairs += taken
        rows, columns = {i for i, _ in taken}, {j for _, j in taken}
        left = {(i, j): score for (i, j), score in left.items() if i not in rows and j not in columns}
    doubts: dict[int, list[_Pair]] = defaultdict(list)
    for pair, score in sorted(left.items(), key=lambda item: (-item[1], item[0])):
        doubts[pair[0]].append(pair)
    return Matched(tuple(pairs), {i: tuple(j for _, j in doubts[i]) for i in sorted(doubts)})


def similarity(note: Fingerprint, entry: Entry) -> float:
    """How alike both question and answer are, from 0 to 1: the geometric mean.

    Questions of one pattern ("What is a …?") are alike and ask different things: without an answer in common a pair is
    none.
    """
    question = fuzz.ratio(note.question, entry.question) / 100
    return math.sqrt(question * likeness(note.sketch, entry.sketch))


def _clear(scores: Mapping[_Pair, float]) -> list[_Pair]:
    """The pairs that are versions of one another, and far better than all that either side has besides."""
    best_of_note, best_of_entry = _two_best((i, s) for (i, _), s in scores.items()), _two_best((j, s) for (_, j), s in scores.items())
    return [(i, j) for (i, j), score in sorted(scores.items())
            if score >= _SAME and score - max(_rival(best_of_note[i], score), _rival(best_of_entry[j], score)) >= _MARGIN]


def _two_best(scores: Iterable[tuple[Hashable, float]]) -> dict[Hashable, tuple[float, float]]:
    best: dict[Hashable, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for key, score in scores:
        first, second = best[key]
        best[key] = (score, first) if score > first else (first, max(second, score))
    return best


def _rival(best: tuple[float, float], score: float) -> float:
    """The best score besides one's own."""
    first, second = best
    return second if score == first else first


def _likely(notes: Sequence[Fingerprint], entries: Sequence[Entry]) -> Iterator[tuple[_Pair, float]]:
    """The pairs that may be versions of one another. Only those whose answers have something in common are looked at."""
    index: dict[int, list[int]] = defaultdict(list)
    for j, entry in enumerate(entries):
        for value in sketch_values(entry.sketch):
            index[value].append(j)
    for i, note in enumerate(notes):
        values = sketch_values(note.sketch)
        shared = Counter(j for value in values for j in index[value])
        for j, common in sorted(shared.items()):
            entry = entries[j]
            # The product of two similarities is below the bound where one of them is.
            if common < _OTHER**2 * len(values) or not _comparable(note, entry):
                continue
            if (score := similarity(note, entry)) >= _OTHER:
                yield (i, j), score


def _comparable(note: Fingerprint, entry: Entry) -> bool:
    """Whether likeness may decide: not over a change of kind, nor between two ids that the author gave."""
    return note.kind is entry.kind and not (note.id and entry.id)
