"""Softmax over tiles: the running maximum and the running sum."""

import math

import numpy as np
from matplotlib.figure import Figure
from models.languages import in_language
from models.tiled import running, tiled_attention

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GRID, MUTED, ORANGE, TEXT, canvas

LABELS = {
    "zh": {"above": "打分，和到此为止的最大值 $m$", "score": "打分 $s$", "below": "每块之后的和 $l$", "x": "键（每 {tile} 个一块）"},
    "en": {
        "above": "Scores, and their running maximum $m$", "score": "score $s$", "below": "Sum $l$ after each tile",
        "x": "keys (tiles of {tile})",
    },
}
SEED = 2244


def scores(n: int) -> np.ndarray:
    return np.random.default_rng(SEED).standard_normal(n) * 2


@figure(alt="上：32 个打分分成 4 块，运行最大值逐块上升。下：每块之后的运行和，最大值变大时旧的和先被缩小；最后一步等于整行的分母。")
def online_softmax(n: int = 32, tile: int = 8, lang: str = "zh") -> Figure:
    """A row of scores in tiles, its running maximum m, and its running sum l of exp(s − m)."""
    labels = in_language(LABELS, lang)
    row = scores(n)
    tops, totals = np.transpose(running(row, tile))
    ends = np.arange(len(tops)) * tile + tile
    drawing = canvas(4.0)
    above, below = drawing.subplots(2, 1, sharex=True)
    above.bar(np.arange(n) + 0.5, row, 0.7, color=MUTED)
    above.step(np.r_[0, ends], np.r_[tops, tops[-1]], where="post", color=ORANGE)
    above.set_title(labels["above"], fontsize=TEXT)
    above.set_ylabel(labels["score"])
    below.bar(ends - tile / 2, totals, 0.6 * tile, color=BLUE)
    for end, total in zip(ends, totals, strict=True):
        below.annotate(f"{total:.2f}", (end - tile / 2, total), (0, 2), textcoords="offset points", ha="center", va="bottom")
    below.set_title(labels["below"], fontsize=TEXT)
    below.set(xlabel=labels["x"].format(tile=tile), ylabel="$l$", ylim=(0, 1.25 * totals.max()), xticks=[0, *ends])
    for axes in (above, below):
        for end in ends[:-1]:
            axes.axvline(end, color=GRID, linewidth=0.8, linestyle=":")
    drawing.align_ylabels()
    return drawing


@online_softmax.check
def _(n: int, tile: int, lang: str) -> None:
    row = scores(n)
    for step, (top, total) in enumerate(running(row, tile), start=1):
        seen = [float(s) for s in row[: step * tile]]
        assert top == max(seen), f"after tile {step} the maximum is {top}, not {max(seen)}"
        expected = math.fsum(math.exp(s - max(seen)) for s in seen)
        assert abs(total - expected) < 1e-12 * n, f"after tile {step} the sum is {total:.6f}, not {expected:.6f}"
    random = np.random.default_rng(SEED + 1)
    for scale in (1, 300):  # the second would overflow without the maximum
        q, k, v = random.standard_normal((3, 13, 8))
        full = q * scale @ k.T / np.sqrt(8)
        powers = np.exp(full - full.max(axis=1, keepdims=True))
        expected = powers @ v / powers.sum(axis=1, keepdims=True)
        for size in (1, 4, 13):
            error = np.abs(tiled_attention(q * scale, k, v, size) - expected).max()
            assert error < 1e-12, f"tiles of {size} differ from the full softmax by {error:.1e}"
