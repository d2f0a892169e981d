"""Rotary positions: both vectors turn, their score knows only the distance."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from models.languages import in_language
from models.positions import frequencies
from models.rotary import rotate

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GRID, ORANGE, TEXT, canvas

LABELS = {
    "zh": {"places": "$q$ 在 {i}，$k$ 在 {j}", "start": "$q$ 在 {i}", "x": "$q$ 与 $k$ 的距离", "y": "打分 $q^\\top k$"},
    "en": {"places": "$q$ at {i}, $k$ at {j}", "start": "$q$ at {i}", "x": "distance from $q$ to $k$", "y": "score $q^\\top k$"},
}
SEED = 2104


def vectors(d: int) -> tuple[np.ndarray, np.ndarray]:
    """A query, and a key that is like it. Each (1, d)."""
    q, other = np.random.default_rng(SEED).standard_normal((2, 1, d))
    return q, 0.8 * q + 0.6 * other


def scores(d: int, start: int, offsets: np.ndarray) -> np.ndarray:
    """Score of a query at `start` with the same key placed each offset before it. Shape of `offsets`."""
    q, k = vectors(d)
    turned = rotate(np.repeat(k, len(offsets), axis=0), start - offsets)
    return (turned @ rotate(q, np.array([start])).T)[:, 0]


@figure(alt="上：一对维度里，q 和 k 都随位置旋转，位置 (5, 2) 与 (9, 6) 的夹角相同。下：打分对距离的曲线，两个起点完全重合。")
def rotary_positions(d: int = 64, n: int = 60, lang: str = "zh") -> Figure:
    """Arrows of one pair of dimensions at two places, and the score against the distance from two places."""
    labels = in_language(LABELS, lang)
    drawing = canvas(4.3)
    grid = drawing.add_gridspec(2, 2, height_ratios=[1.4, 1])
    q, k = np.array([[1.0, 0.15]]), np.array([[0.75, -0.35]])
    for column, (i, j) in enumerate(((5, 2), (9, 6))):
        axes = drawing.add_subplot(grid[0, column])
        for vector, place, color, name in ((q, i, BLUE, "q"), (k, j, ORANGE, "k")):
            (x, y), = rotate(vector, np.array([place * 0.35]))
            length = np.hypot(x, y)
            axes.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 2, "shrinkA": 0, "shrinkB": 0})
            axes.text(1.22 * x / length, 1.22 * y / length, f"${name}_{place}$", color=color, ha="center", va="center")
        axes.set_title(labels["places"].format(i=i, j=j), fontsize=TEXT)
        axes.set(xlim=(-1.45, 1.45), ylim=(-1.45, 1.45), aspect="equal", xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.add_patch(Circle((0, 0), 1, fill=False, color=GRID, linewidth=0.8))
    axes = drawing.add_subplot(grid[1, :])
    offsets = np.arange(n)
    axes.plot(offsets, scores(d, n, offsets), color=BLUE, label=labels["start"].format(i=n))
    few = offsets[:: max(1, n // 15)]
    axes.plot(few, scores(d, 1000, few), "o", color=ORANGE, label=labels["start"].format(i=1000))
    axes.set(xlabel=labels["x"], ylabel=labels["y"])
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.35 * (high - low))
    axes.grid(axis="y")
    axes.legend(loc="upper right", ncols=2)
    return drawing


@rotary_positions.check
def _(d: int, n: int, lang: str) -> None:
    (q,), (k,) = vectors(d)
    # As complex numbers: Re Σ q_i conj(k_i) exp(i·distance·ω_i).
    a, b = q[0::2] + 1j * q[1::2], k[0::2] + 1j * k[1::2]
    for distance in (0, 1, n // 2, n - 1):
        expected = (a * b.conj() * np.exp(1j * distance * frequencies(d))).sum().real
        for start in (n, 1000, 54321):
            found = scores(d, start, np.array([distance]))[0]
            assert abs(found - expected) < 1e-8 * d, f"score at {start}, distance {distance}: {found:.6f}, not {expected:.6f}"
    lengths = np.linalg.norm(rotate(np.repeat([q], n, axis=0), np.arange(n)), axis=1)
    assert np.ptp(lengths) < 1e-9, f"turning changes the length by {np.ptp(lengths):.1e}"
