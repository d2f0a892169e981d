"""A Gaussian fitted to what the last one said: Shumailov et al. 2023, arXiv 2305.17493; Gerstgrasser et al. 2024, arXiv 2404.01413."""

import numpy as np


def variances(generations: int, samples: int, keep: bool, runs: int, random: np.random.Generator) -> np.ndarray:
    """Mean variance of each generation's fit. With `keep` a generation is fitted to all samples so far, else to its own alone."""
    mean, deviation = np.zeros(runs), np.ones(runs)
    out, sums, squares, seen = [1.0], np.zeros(runs), np.zeros(runs), 0
    for _ in range(generations):
        if not keep:
            sums, squares, seen = np.zeros(runs), np.zeros(runs), 0
        # The mean of n normal numbers, and their squared distances from it: all that the fit needs, and independent.
        own = mean + deviation / np.sqrt(samples) * random.standard_normal(runs)
        apart = deviation**2 * random.chisquare(samples - 1, runs)
        sums, squares, seen = sums + samples * own, squares + samples * own**2 + apart, seen + samples
        mean = sums / seen
        deviation = np.sqrt(squares / seen - mean**2)
        out.append(float((deviation**2).mean()))
    return np.array(out)


def replaced(generations: int, samples: int) -> float:
    """What is expected of the former: each generation keeps (n − 1)/n of the variance."""
    return (1 - 1 / samples) ** generations
