"""Generations that learn from what the last one wrote: with the old data kept, and without."""

import numpy as np
from matplotlib.figure import Figure
from models import collapse
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, INK, ORANGE, canvas

RUNS = 40000

LABELS = {
    "zh": {"kept": "数据累加", "replaced": "只用上一代的输出", "generation": "代数", "variance": "拟合出的方差", "title": "丢掉旧数据，分布才越来越窄"},
    "en": {
        "kept": "data accumulated",
        "replaced": "previous output only",
        "generation": "generation",
        "variance": "fitted variance",
        "title": "Collapse comes from discarding old data",
    },
}


@figure(
    alt="横轴为代数，纵轴为拟合出的方差，真值 1。每代只用上一代的输出：方差按指数下降，100 代后剩 0.37；"
    "每代把新样本加到旧数据上：方差停在 0.98 附近。"
)
def model_collapse(generations: int = 100, samples: int = 100, lang: str = "zh") -> Figure:
    """Mean variance of a Gaussian fitted generation after generation, over 40000 runs.

    Source: Shumailov et al., arXiv 2305.17493; Gerstgrasser et al., arXiv 2404.01413.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(2.8)
    axes = drawing.subplots()
    time = np.arange(generations + 1)
    for keep, color, line, place, name in ((True, BLUE, "-", 0.9, "kept"), (False, ORANGE, "--", 0.42, "replaced")):
        axes.plot(time, collapse.variances(generations, samples, keep, RUNS, np.random.default_rng(2305)), line, color=color)
        axes.text(0.62 * generations, place, labels[name], color=color, ha="left" if keep else "right", va="center")
    axes.axhline(1, color=INK, linewidth=0.8)
    axes.set(xlabel=labels["generation"], ylabel=labels["variance"], ylim=(0, 1.1), xlim=(0, generations), yticks=[0, 0.5, 1])
    axes.grid(axis="y")
    axes.set_title(labels["title"])
    return drawing


@model_collapse.check
def _(generations: int, samples: int, lang: str) -> None:
    alone = collapse.variances(generations, samples, False, RUNS, np.random.default_rng(1))
    for n in (1, 10, generations):
        expected = collapse.replaced(n, samples)
        assert abs(alone[n] / expected - 1) < 0.03, f"after {n} generations {alone[n]:.3f}, expected {expected:.3f}"
    # One generation, number by number.
    drawn = np.random.default_rng(3).standard_normal((20000, samples)).var(axis=1).mean()
    assert abs(alone[1] - drawn) < 0.005, f"{alone[1]:.4f} after one generation, {drawn:.4f} from the numbers themselves"
    kept = collapse.variances(generations, samples, True, RUNS, np.random.default_rng(2))
    # Each addition of n to k·n samples loses less and less: 1/n in all the first time, then about 1/(n·k²).
    bound = np.prod([1 - 1 / (samples * k**2) for k in range(1, generations + 1)])
    assert abs(kept[-1] - bound) < 0.02, f"{kept[-1]:.3f} left, about {bound:.3f} expected"
