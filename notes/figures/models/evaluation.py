"""pass@k: Chen et al. 2021, arXiv 2107.03374, section 2.1. Exact match of long answers: Schaeffer et al. 2023,
arXiv 2304.15004, section 2. BLEU, errors of scores, Elo, calibration."""

import math
from collections import Counter


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


def clipped_precision(words: list[str], reference: list[str], n: int) -> float:
    """BLEU's p_n of one sentence: Papineni et al. 2002, section 2.1."""
    grams, known = (Counter(zip(*(text[k:] for k in range(n)))) for text in (words, reference))
    return sum(min(count, known[gram]) for gram, count in grams.items()) / sum(grams.values())


def brevity(length: int, reference: int) -> float:
    """BLEU's penalty for a text shorter than its reference."""
    return min(1.0, math.exp(1 - reference / length))


def at_least_one(p: float, n: int) -> float:
    """One of n independent tries succeeds."""
    return 1 - (1 - p) ** n


def standard_error(p: float, n: int) -> float:
    """Of a share p over n independent questions: Miller 2024, arXiv 2411.00640."""
    return math.sqrt(p * (1 - p) / n)


def paired_error(first: float, second: float, correlation: float) -> float:
    """Standard error of the difference of two scores on the same questions."""
    return math.sqrt(first**2 + second**2 - 2 * correlation * first * second)


def elo_win(difference: float) -> float:
    """The chance that the one `difference` points ahead is preferred: Bradley–Terry on Elo's scale."""
    return 1 / (1 + 10 ** (-difference / 400))


def calibration_error(bins: list[tuple[int, float, float]]) -> float:
    """ECE of (questions, stated confidence, accuracy): Guo et al. 2017, arXiv 1706.04599, section 2."""
    return sum(n * abs(confidence - accuracy) for n, confidence, accuracy in bins) / sum(n for n, *_ in bins)


def pass_hat_k(n: int, c: int, k: int) -> float:
    """C(c, k)/C(n, k): the chance that k of n runs, drawn without replacement, are all among the c that succeeded (τ-bench)."""
    return math.comb(c, k) / math.comb(n, k)
