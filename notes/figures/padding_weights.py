"""Attention weights with and without a padding mask."""

import numpy as np
from matplotlib.figure import Figure
from models.attention import attend

from deckgen.figures import figure
from deckgen.figures.style import ORANGE, SEQUENTIAL, SMALL, TEXT, canvas

WORDS = ("我", "爱", "猫", "PAD", "PAD")
REAL = 3
SEED = 3


def example() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Random queries, keys and values of five places, and which keys are words."""
    q, k, v = np.random.default_rng(SEED).standard_normal((3, len(WORDS), 16))
    return q, k, v, np.arange(len(WORDS)) < REAL


@figure(alt="两张 5×5 的权重表，行是查询，列是键。左：不遮，两列 PAD 也分到权重。右：遮住后两列 PAD 恰好是 0，其余按行重新归一。")
def padding_weights() -> Figure:
    """Weights of five places of which two are PAD, before and after the mask."""
    q, k, v, keep = example()
    drawing = canvas(2.8)
    places = np.arange(len(WORDS))
    for axes, mask, title in zip(drawing.subplots(1, 2), (None, keep), ("不遮", "遮住 PAD 的列"), strict=True):
        weights = attend(q, k, v, mask)[1]
        axes.imshow(weights, cmap=SEQUENTIAL, vmin=0, vmax=1.7)  # light enough for ink
        for (i, j), weight in np.ndenumerate(weights):
            text = "0" if weight == 0 else f"{weight:.2f}"[1:]
            axes.text(j, i, text, ha="center", va="center", fontsize=SMALL)
        axes.set_title(title, fontsize=TEXT)
        axes.set_xticks(places, WORDS, fontsize=SMALL)
        axes.set_yticks(places, WORDS, fontsize=SMALL)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        for label in axes.get_xticklabels()[REAL:] + axes.get_yticklabels()[REAL:]:
            label.set_color(ORANGE)
        axes.set_xlabel("键（列）", fontsize=SMALL, labelpad=6)
    drawing.axes[0].set_ylabel("查询（行）", fontsize=SMALL, labelpad=8)
    return drawing


@padding_weights.check
def _() -> None:
    q, k, v, keep = example()
    out, weights = attend(q, k, v, keep)
    assert (weights[:, REAL:] == 0).all(), f"a PAD has the weight {weights[:, REAL:].max():.1e}"
    error = np.abs(weights.sum(axis=1) - 1).max()
    assert error < 1e-12, f"rows sum to 1 ± {error:.1e}"
    powers = np.exp(q @ k[:REAL].T / 4)
    shorter = powers / powers.sum(axis=1, keepdims=True)
    error = max(np.abs(weights[:, :REAL] - shorter).max(), np.abs(out - shorter @ v[:REAL]).max())
    assert error < 1e-12, f"masking PAD differs from leaving it out by {error:.1e}"
    assert attend(q, k, v)[1][:, REAL:].min() > 0, "without a mask PAD gets no weight"
