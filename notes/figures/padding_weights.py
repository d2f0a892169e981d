"""Attention weights with and without a padding mask."""

import numpy as np
from matplotlib.figure import Figure
from models.attention import attend
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import ORANGE, SEQUENTIAL, SMALL, TEXT, canvas

LABELS = {
    "zh": {"words": ("我", "爱", "猫", "PAD", "PAD"), "plain": "不遮", "masked": "遮住 PAD 的列", "x": "键（列）", "y": "查询（行）"},
    "en": {
        "words": ("I", "love", "cats", "PAD", "PAD"), "plain": "no mask", "masked": "PAD columns masked", "x": "keys (columns)",
        "y": "queries (rows)",
    },
}
WORDS, REAL = 5, 3  # places, and how many of them are words
SEED = 3


def example() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Random queries, keys and values of five places, and which keys are words."""
    q, k, v = np.random.default_rng(SEED).standard_normal((3, WORDS, 16))
    return q, k, v, np.arange(WORDS) < REAL


@figure(alt="两张 5×5 的权重表，行是查询，列是键。左：不遮，两列 PAD 也分到权重。右：遮住后两列 PAD 恰好是 0，其余按行重新归一。")
def padding_weights(lang: str = "zh") -> Figure:
    """Weights of five places of which two are PAD, before and after the mask."""
    labels = in_language(LABELS, lang)
    q, k, v, keep = example()
    drawing = canvas(2.8)
    places, words = np.arange(WORDS), labels["words"]
    for axes, mask, title in zip(drawing.subplots(1, 2), (None, keep), (labels["plain"], labels["masked"]), strict=True):
        weights = attend(q, k, v, mask)[1]
        axes.imshow(weights, cmap=SEQUENTIAL, vmin=0, vmax=1.7)  # light enough for ink
        for (i, j), weight in np.ndenumerate(weights):
            text = "0" if weight == 0 else f"{weight:.2f}"[1:]
            axes.text(j, i, text, ha="center", va="center", fontsize=SMALL)
        axes.set_title(title, fontsize=TEXT)
        axes.set_xticks(places, words, fontsize=SMALL)
        axes.set_yticks(places, words, fontsize=SMALL)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        for label in axes.get_xticklabels()[REAL:] + axes.get_yticklabels()[REAL:]:
            label.set_color(ORANGE)
        axes.set_xlabel(labels["x"], fontsize=SMALL, labelpad=6)
    drawing.axes[0].set_ylabel(labels["y"], fontsize=SMALL, labelpad=8)
    return drawing


@padding_weights.check
def _(lang: str) -> None:
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
