"""Near duplicates by MinHash and bands: Broder 1997; Lee et al. 2021, arXiv 2107.06499, section 4.2; FineWeb, 2406.17557, section 3.4."""

import numpy as np


def jaccard(a: set, b: set) -> float:
    return len(a & b) / len(a | b)


def signature(items: set[int], hashes: int, universe: int, random: np.random.Generator) -> np.ndarray:
    """The smallest value of each of `hashes` random orders of the universe over the set. Shape (hashes,)."""
    members = sorted(items)
    return np.array([random.permutation(universe)[members].min() for _ in range(hashes)])


def caught(similarity, bands: int = 14, rows: int = 8):
    """The chance that two documents agree in all rows of at least one band: 1 − (1 − s^r)^b."""
    return 1 - (1 - similarity**rows) ** bands
