"""Several documents in one row: Krell et al. 2021, arXiv 2107.02027."""

import numpy as np


def mask(documents: np.ndarray) -> np.ndarray:
    """Who sees whom: earlier tokens, and oneself, of the same document. `documents` numbers the document of each token."""
    n = len(documents)
    return np.array([[j <= i and documents[i] == documents[j] for j in range(n)] for i in range(n)])


def pairs(lengths: list[int]) -> tuple[int, int]:
    """Pairs of query and key seen with documents kept apart, and without."""
    total = sum(lengths)
    return sum(n * (n + 1) // 2 for n in lengths), total * (total + 1) // 2
