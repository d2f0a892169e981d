"""Lengths of word vectors under three initialisations, beside the length of the positional encoding."""

import numpy as np
from matplotlib.figure import Figure
from models.languages import in_language
from models.positions import sinusoidal

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, TICK, canvas

LABELS = {
    "zh": {"before": "乘之前", "after": r"乘 $\sqrt{d}$ 之后", "position": "位置编码：", "y": "词向量的长度", "vocabulary": "，词表 "},
    "en": {
        "before": "before", "after": r"after $\times\sqrt{d}$", "position": "PE: ", "y": "norm of an embedding",
        "vocabulary": ", vocabulary ",
    },
}
SEED = 512


def deviations(d: int, vocabulary: int) -> dict[str, float]:
    """Standard deviation of an entry under each initialisation."""
    return {r"$\mathcal{N}(0, 1/d)$": d**-0.5, r"$\mathcal{N}(0, 1)$": 1.0, "Xavier": (2 / (vocabulary + d)) ** 0.5}


def length(d: int, deviation: float) -> float:
    """Mean length of a word vector, over 4000 drawn words."""
    return float(np.linalg.norm(np.random.default_rng(SEED).standard_normal((4000, d)) * deviation, axis=1).mean())


@figure(alt="三种初始化下词向量的长度，乘根号 d 之前和之后，与位置编码的长度（水平线）相比：只有方差 1/d 的在乘之后与它相当。")
def embedding_norms(d: int = 512, vocabulary: int = 37000, lang: str = "zh") -> Figure:
    """Length before and after the factor √d; the horizontal line is the length of PE, √(d/2)."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.2)
    axes = drawing.subplots()
    kinds = deviations(d, vocabulary)
    for place, deviation in enumerate(kinds.values()):
        before = length(d, deviation)
        after = before * np.sqrt(d)
        first, second = {"label": labels["before"]} if not place else {}, {"label": labels["after"]} if not place else {}
        axes.bar(place - 0.2, before, 0.38, color=ORANGE, hatch="///", edgecolor="white", linewidth=0, **first)
        axes.bar(place + 0.2, after, 0.38, color=BLUE, **second)
        for x, value in ((place - 0.2, before), (place + 0.2, after)):
            axes.annotate(f"{value:.2g}" if value < 100 else f"{value:.0f}", (x, value), (0, 2), textcoords="offset points",
                          ha="center", va="bottom", fontsize=TICK)
    position = np.linalg.norm(sinusoidal(1, d))
    axes.axhline(position, color=GREEN, linestyle="--")
    named = f"{labels['position']}{position:.0f}"
    axes.annotate(named, (2.45, position), (0, 3), textcoords="offset points", color=GREEN, ha="right", va="bottom")
    axes.set_yscale("log")
    axes.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    axes.set_yticks([], minor=True)
    axes.set_xticks(range(3), kinds)
    axes.set(ylabel=labels["y"], ylim=(0.08, 6000), xlim=(-0.5, 2.5))
    axes.legend(loc="upper center", ncols=2)
    axes.set_title(f"$d$ = {d}{labels['vocabulary']}{vocabulary}")
    return drawing


@embedding_norms.check
def _(d: int, vocabulary: int, lang: str) -> None:
    squares = (sinusoidal(100, d) ** 2).sum(axis=1)
    assert np.abs(squares - d / 2).max() < 1e-9 * d, f"‖PE‖² runs from {squares.min():.3f} to {squares.max():.3f}, not d/2"
    for name, deviation in deviations(d, vocabulary).items():
        # The mean of a χ variable with d degrees of freedom is √(d − 1/2) but for O(d^(−3/2)).
        expected, found = deviation * np.sqrt(d - 0.5), length(d, deviation)
        assert abs(found / expected - 1) < 0.01, f"{name}: mean length {found:.3f}, not {expected:.3f}"
