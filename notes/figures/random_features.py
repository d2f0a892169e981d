"""The error of Performer's estimate of exp(q·k) against the number of random features."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from models.efficient import features, gaussian, orthogonal, squared_error
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

LABELS = {
    "zh": {"independent": "独立的方向", "orthogonal": "正交的方向", "x": "随机特征个数 $m$", "y": "相对误差", "title": r"误差 $\propto 1/\sqrt{m}$"},
    "en": {
        "independent": "independent directions", "orthogonal": "orthogonal directions", "x": "random features $m$",
        "y": "relative error", "title": r"Error $\propto 1/\sqrt{m}$",
    },
}
D, PAIRS, TOTAL, SEED = 16, 50, 64_000, 2009
SIZES = 2 ** np.arange(2, 9)


def pairs() -> tuple[np.ndarray, np.ndarray]:
    """Queries and keys of length 1. Each (PAIRS, D)."""
    x = np.random.default_rng(SEED).standard_normal((2, PAIRS, D))
    return tuple(x / np.linalg.norm(x, axis=-1, keepdims=True))


@cache
def errors(kind) -> np.ndarray:
    """Root mean square of the relative error for each size, over TOTAL/m sets of directions."""
    (q, k), random, found = pairs(), np.random.default_rng(SEED + 1), []
    for m in SIZES:
        block = max(m, D)  # of fewer than D orthogonal directions each set comes from a rotation of its own
        found.append(squared_error(q, k, kind(TOTAL // m * block, D, random).reshape(-1, block, D)[:, :m]))
    return np.sqrt(found)


@figure(alt="双对数图：相对误差随随机特征个数按负二分之一次幂下降，正交特征的误差低于独立特征。")
def random_features(lang: str = "zh") -> Figure:
    """Relative error of φ(q)·φ(k) as exp(q·k), independent and orthogonal directions, unit vectors in 16 dimensions."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    axes.loglog(SIZES, errors(gaussian), "s--", color=ORANGE, base=2, label=labels["independent"])
    axes.loglog(SIZES, errors(orthogonal), "o-", color=BLUE, base=2, label=labels["orthogonal"])
    axes.set_xticks(SIZES, [str(size) for size in SIZES])
    axes.set_xticks([], minor=True)
    axes.set_yticks([0.125, 0.25, 0.5, 1], ["12.5%", "25%", "50%", "100%"])
    axes.set_yticks([], minor=True)
    axes.set(xlabel=labels["x"], ylabel=labels["y"], title=labels["title"])
    axes.grid(axis="y")
    axes.legend(loc="lower left")
    return drawing


@random_features.check
def _(lang: str) -> None:
    q, k = pairs()
    independent, crossed = errors(gaussian), errors(orthogonal)
    slope = np.polyfit(np.log(SIZES), np.log(independent), 1)[0]
    assert abs(slope + 0.5) < 0.04, f"slope {slope:.3f}, not −0.5"
    # In closed form: for N(0, I) the relative variance of one feature is exp(‖q + k‖²) − 1.
    expected = np.sqrt(np.expm1(((q + k) ** 2).sum(axis=1)).mean() / SIZES)
    error = np.abs(independent / expected - 1).max()
    assert error < 0.1, f"errors differ from the closed form by {error:.1%}"
    assert (crossed[2:] < 0.98 * independent[2:]).all(), f"orthogonal directions do not help: {crossed / independent}"
    # Right angles within a block, and squared lengths as of N(0, I): mean D, variance 2D.
    many = orthogonal(D * 4000, D, np.random.default_rng(SEED + 2))
    lengths = (many**2).sum(axis=1)
    assert np.abs(many[:D] @ many[:D].T - np.diag(lengths[:D])).max() < 1e-9, "directions of a block are not orthogonal"
    mean, variance = lengths.mean() / D, lengths.var() / (2 * D)
    assert abs(mean - 1) < 0.02 and abs(variance - 1) < 0.05, f"squared lengths: mean {mean:.3f} D, variance {variance:.3f}·2D"
    # Unbiased: many features, one estimate.
    estimate = (features(q[:5], many) * features(k[:5], many)).sum(axis=1) / np.exp((q[:5] * k[:5]).sum(axis=1))
    assert np.abs(estimate - 1).max() < 0.1, f"with {len(many)} features the estimate is off by {np.abs(estimate - 1).max():.1%}"
