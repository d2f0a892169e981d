"""How much of an attention matrix a few singular values hold."""

import numpy as np
from matplotlib.figure import Figure
from models.efficient import attention_matrix, mass
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, INK, ORANGE, canvas

LABELS = {
    "zh": {
        "related": "相邻 token 相关：前 {k} 个占 {share:.0%}", "independent": "独立的输入：前 {k} 个占 {share:.0%}",
        "x": "奇异值个数", "y": "累积占比", "title": "{n}×{n} 的注意力矩阵",
    },
    "en": {
        "related": "correlated: first {k} hold {share:.0%}", "independent": "independent: first {k} hold {share:.0%}",
        "x": "singular values", "y": "cumulative share", "title": "Attention matrix of {n}×{n}",
    },
}
SEED = 2006


def masses(n: int, d: int, correlation: float) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative shares for correlated and for independent inputs. Each (n,)."""
    return tuple(mass(attention_matrix(n, d, each, np.random.default_rng(SEED))) for each in (correlation, 0.0))


@figure(alt="注意力矩阵奇异值的累积占比：相邻 token 相关的输入上升得快，前 128 个已占九成；独立同分布的输入上升得慢，约七成。")
def low_rank(n: int = 512, d: int = 64, correlation: float = 0.95, k: int = 128, lang: str = "zh") -> Figure:
    """Share of the sum of singular values in the largest ones, for two kinds of random input."""
    labels = in_language(LABELS, lang)
    related, independent = masses(n, d, correlation)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    ranks = np.arange(1, n + 1)
    axes.plot(ranks, related, "-", color=BLUE)
    axes.plot(ranks, independent, "--", color=ORANGE)
    axes.axvline(k, color=INK, linewidth=0.8)
    for values, color, name, height in ((related, BLUE, "related", 0.34), (independent, ORANGE, "independent", 0.16)):
        axes.plot([k], [values[k - 1]], "o", color=color)
        axes.text(n, height, labels[name].format(k=k, share=values[k - 1]), color=color, ha="right")
    axes.set(xlabel=labels["x"], ylabel=labels["y"], xlim=(0, n), ylim=(0, 1.04), yticks=[0, 0.5, 1], title=labels["title"].format(n=n))
    axes.grid(axis="y")
    return drawing


@low_rank.check
def _(n: int, d: int, correlation: float, k: int, lang: str) -> None:
    related, independent = masses(n, d, correlation)
    for values in (related, independent):
        assert (np.diff(values) >= -1e-12).all() and abs(values[-1] - 1) < 1e-9, "the share is not monotone up to 1"
    assert related[k - 1] > independent[k - 1] + 0.1, f"correlated {related[k - 1]:.2f}, independent {independent[k - 1]:.2f}"
    # Singular values by another route: roots of the eigenvalues of AAᵀ.
    matrix = attention_matrix(n, d, correlation, np.random.default_rng(SEED))
    values = np.sqrt(np.clip(np.linalg.eigvalsh(matrix @ matrix.T), 0, None))[::-1]
    share = values[:k].sum() / values.sum()
    assert abs(share - related[k - 1]) < 1e-5, f"share of {k}: {related[k - 1]:.4f}, by eigenvalues {share:.4f}"
