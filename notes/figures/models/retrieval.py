"""BM25 (Robertson & Zaragoza 2009, section 3), reciprocal rank fusion (Cormack et al. 2009)."""

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
