"""Byte-pair encoding of words: Sennrich et al. 2016, arXiv 1508.07909, section 3.2 and algorithm 1."""

from collections import Counter

END = "</w>"  # closes every word, so that a piece knows whether it ends one

# The dictionary of the paper's algorithm 1: word and how often it occurs.
CORPUS = {"low": 5, "lower": 2, "newest": 6, "widest": 3}


def letters(word: str) -> tuple[str, ...]:
    """The word as its letters and the end-of-word symbol: what merging starts from."""
    return (*word, END)


def pair_counts(split: dict[tuple[str, ...], int]) -> Counter:
    """How often each pair of neighbours occurs, over all words times their counts; in order of first sight."""
    counts: Counter = Counter()
    for pieces, count in split.items():
        for pair in zip(pieces, pieces[1:]):
            counts[pair] += count
    return counts


def merge(pieces: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """`pieces` with every occurrence of the pair joined, from the left."""
    out: list[str] = []
    for piece in pieces:
        if out and (out[-1], piece) == pair:
            out[-1] += piece
        else:
            out.append(piece)
    return tuple(out)


def learn(corpus: dict[str, int], merges: int) -> list[tuple[tuple[str, str], int]]:
    """The first `merges` merges and the count each pair had. Among equals the pair seen first wins."""
    split = {letters(word): count for word, count in corpus.items()}
    learned = []
    for _ in range(merges):
        counts = pair_counts(split)
        if not counts:
            break
        pair = max(counts, key=counts.__getitem__)
        learned.append((pair, counts[pair]))
        split = {merge(pieces, pair): count for pieces, count in split.items()}
    return learned


def encode(word: str, merges: list[tuple[str, str]]) -> tuple[str, ...]:
    """A word, also one never seen, by replaying the merges in the order in which they were learned."""
    pieces = letters(word)
    for pair in merges:
        pieces = merge(pieces, pair)
    return pieces


def decode(pieces: tuple[str, ...]) -> str:
    return "".join(pieces).removesuffix(END)
