"""Forward and reverse KL of one Gaussian against two: Gu et al. 2023 (MiniLLM), arXiv 2306.08543. Distributions on a grid."""

from itertools import product

import numpy as np

GRID = np.linspace(-8, 8, 1601)
STEP = GRID[1] - GRID[0]


def gaussian(mean: float, deviation: float) -> np.ndarray:
    density = np.exp(-(((GRID - mean) / deviation) ** 2) / 2)
    return density / density.sum()


def two_peaks(distance: float = 2.0, deviation: float = 0.6, share: float = 0.6) -> np.ndarray:
    """The teacher: a mixture with the greater part on the left."""
    return share * gaussian(-distance, deviation) + (1 - share) * gaussian(distance, deviation)


def kl(p: np.ndarray, q: np.ndarray) -> float:
    """KL(p‖q); q is nowhere 0 where p is not."""
    seen = p > 1e-300
    return float((p[seen] * np.log(p[seen] / np.maximum(q[seen], 1e-300))).sum())


def best_gaussian(teacher: np.ndarray, reverse: bool) -> tuple[float, float]:
    """Mean and deviation of the Gaussian with the least KL, by search on a grid, then on a finer one."""
    means, deviations = np.linspace(-3, 3, 25), np.linspace(0.3, 3, 28)
    for _ in range(4):
        def distance(pair: tuple[float, float]) -> float:
            student = gaussian(*pair)
            return kl(student, teacher) if reverse else kl(teacher, student)

        mean, deviation = min(product(means, deviations), key=distance)
        means = mean + (means[1] - means[0]) * np.linspace(-1, 1, 9)
        deviations = deviation + (deviations[1] - deviations[0]) * np.linspace(-1, 1, 9)
    return float(mean), float(deviation)
