"""WordPiece's score beside BPE's count, and the Unigram model's lattice.

WordPiece: Schuster & Nakajima 2012 choose the pair that raises the likelihood of the corpus most; the score
count(ab) / (count(a)·count(b)) is the form in Hugging Face's course. Unigram: Kudo 2018, arXiv 1804.10959, section 3.2.
"""

import math
from collections import Counter
from collections.abc import Iterator

# The toy corpus of Hugging Face's course.
CORPUS = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}

# A small Unigram vocabulary: probability of each piece. It need not sum to 1, only compare.
PIECES = {"u": 0.02, "n": 0.05, "i": 0.05, "t": 0.04, "y": 0.03, "un": 0.08, "it": 0.06, "ty": 0.03, "ity": 0.05, "unit": 0.004, "ni": 0.01}


def wordpieces(word: str) -> tuple[str, ...]:
    """First letter plain, the others marked ## as inside of a word."""
    return (word[0], *("##" + letter for letter in word[1:]))


def pairs(corpus: dict[str, int]) -> tuple[Counter, Counter]:
    """Counts of neighbouring pieces, and of pieces."""
    both: Counter = Counter()
    single: Counter = Counter()
    for word, count in corpus.items():
        pieces = wordpieces(word)
        for piece in pieces:
            single[piece] += count
        for pair in zip(pieces, pieces[1:]):
            both[pair] += count
    return both, single


def score(pair: tuple[str, str], both: Counter, single: Counter) -> float:
    """count(ab) / (count(a)·count(b)): high where the parts seldom occur without each other."""
    return both[pair] / (single[pair[0]] * single[pair[1]])


def gain(pair: tuple[str, str], both: Counter, single: Counter) -> float:
    """How much merging the pair raises the log-likelihood of the corpus under a unigram model of its pieces, from the
    counts alone; for pairs of two different pieces."""

    def likelihood(counts: list[int]) -> float:
        return sum(c * math.log(c) for c in counts if c) - sum(counts) * math.log(sum(counts))

    joined = both[pair]
    after = [count - joined if piece in pair else count for piece, count in single.items()]
    return likelihood([*after, joined]) - likelihood(list(single.values()))


def viterbi(text: str, pieces: dict[str, float]) -> tuple[list[str], float]:
    """The segmentation of the highest probability, and its log: best[j] = max over pieces text[i:j] of best[i] + ln p."""
    best = [0.0] + [-math.inf] * len(text)
    start = [0] * (len(text) + 1)
    for j in range(1, len(text) + 1):
        for i in range(j):
            if text[i:j] in pieces and best[i] + math.log(pieces[text[i:j]]) > best[j]:
                best[j], start[j] = best[i] + math.log(pieces[text[i:j]]), i
    out, j = [], len(text)
    while j:
        out.append(text[start[j] : j])
        j = start[j]
    return out[::-1], best[-1]


def segmentations(text: str, pieces: dict[str, float]) -> Iterator[list[str]]:
    """Every way to write the text in pieces, by trying every set of cuts: 2^(n−1) of them."""
    for cuts in range(2 ** (len(text) - 1)):
        out = [""]
        for k, letter in enumerate(text):
            if k and cuts >> (k - 1) & 1:
                out.append("")
            out[-1] += letter
        if all(piece in pieces for piece in out):
            yield out
