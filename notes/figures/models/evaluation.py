"""pass@k: Chen et al. 2021, arXiv 2107.03374, section 2.1. Exact match of long answers: Schaeffer et al. 2023,
arXiv 2304.15004, section 2."""

import math


def pass_at_k(n: int, c: int, k: int) -> float:
    """1 − C(n−c, k)/C(n, k): the chance that k of n samples, drawn without replacement, hold one of the c right ones."""
    return 1 - math.comb(n - c, k) / math.comb(n, k)


def naive(n: int, c: int, k: int) -> float:
    """1 − (1 − c/n)^k, which is biased: the share c/n is put where a probability belongs."""
    return 1 - (1 - c / n) ** k


def expected(estimator, n: int, k: int, p: float) -> float:
    """Mean of an estimator over the number of right samples, c ~ Binomial(n, p)."""
    return sum(math.comb(n, c) * p**c * (1 - p) ** (n - c) * estimator(n, c, k) for c in range(n + 1))


def exact_match(p, length: int):
    """All of `length` tokens right, each with probability p on its own."""
    return p**length
