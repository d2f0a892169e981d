"""BM25 (Robertson & Zaragoza 2009, section 3), reciprocal rank fusion (Cormack et al. 2009), measures of a ranking
(Järvelin & Kekäläinen 2002), approximate search."""

import math


def saturation(tf, k1: float = 1.2, b: float = 0.75, relative_length: float = 1.0):
    """BM25's factor for a term that occurs tf times in a document `relative_length` times as long as the average."""
    return tf * (k1 + 1) / (tf + k1 * (1 - b + b * relative_length))


def idf(documents: int, containing: int) -> float:
    """ln(1 + (N − n + 0.5)/(n + 0.5)): the variant that is never negative."""
    return math.log(1 + (documents - containing + 0.5) / (containing + 0.5))


def fused(ranks, k: int = 60) -> float:
    """Σ 1/(k + rank) over the lists in which a document stands."""
    return sum(1 / (k + rank) for rank in ranks)


def reciprocal_rank(relevance: list[int]) -> float:
    return 1 / (1 + next(n for n, grade in enumerate(relevance) if grade))


def recall(relevance: list[int], k: int, relevant: int) -> float:
    """The share of all `relevant` documents among the first k."""
    return sum(grade > 0 for grade in relevance[:k]) / relevant


def dcg(relevance: list[int]) -> float:
    """Σ (2^rel − 1)/log2(rank + 1)."""
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(relevance, 1))


def ndcg(relevance: list[int]) -> float:
    """DCG against the best order of the same documents."""
    return dcg(relevance) / dcg(sorted(relevance, reverse=True))


def scanned(vectors: int, lists: int, probed: int) -> float:
    """Distances that an inverted file computes for one query: all centroids, and the vectors of the probed lists."""
    return lists + vectors * probed / lists


def product_code_bytes(parts: int, codewords: int = 256) -> float:
    """Bytes of a vector of which every part is the number of a codeword: Jégou et al. 2011, section II."""
    return parts * math.log2(codewords) / 8
