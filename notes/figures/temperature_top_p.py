"""One distribution of the next token, at three temperatures and cut by top-p."""

import numpy as np
from matplotlib.figure import Figure
from models import sampling
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, SMALL, canvas

TEMPERATURES = (0.5, 1.0, 2.0)

LABELS = {
    "zh": {
        "kept": "$T$ = {:g}，留下 {} 个",
        "probability": "概率",
        "rank": "候选 token（按概率排序）",
        "title": "同一组 logits，实心为 top-p = {:g} 的候选",
    },
    "en": {
        "kept": "$T$ = {:g}, {} kept",
        "probability": "probability",
        "rank": "candidate tokens by rank",
        "title": "The same logits; solid: kept by top-p = {:g}",
    },
}


@figure(
    alt="同一组 logits 在温度 0.5、1、2 下的三张柱状图：温度越低越集中，越高越平。"
    "实心柱是 top-p 等于 0.9 时保留的候选，三张图里分别是 3、4、8 个。"
)
def temperature_top_p(mass: float = 0.9, lang: str = "zh") -> Figure:
    """Twelve candidates by rank; solid bars are the nucleus.

    Source: Holtzman et al., arXiv 1904.09751, section 3.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.7)
    panels = drawing.subplots(len(TEMPERATURES), 1, sharex=True, sharey=True)
    ranks = np.arange(1, len(sampling.LOGITS) + 1)
    for axes, temperature in zip(panels, TEMPERATURES, strict=True):
        p = sampling.softmax(sampling.LOGITS, temperature)
        keep = sampling.top_p(p, mass)
        axes.bar(ranks[keep], p[keep], 0.7, color=BLUE)
        axes.bar(ranks[~keep], p[~keep], 0.7, facecolor="none", edgecolor=MUTED, linewidth=1.2)
        for rank, value in zip(ranks[:3], p[:3], strict=True):
            axes.text(rank, value + 0.02, f"{value:.2f}", ha="center", va="bottom", fontsize=SMALL)
        axes.text(len(ranks) + 0.4, 0.62, labels["kept"].format(temperature, keep.sum()), ha="right", va="center")
        axes.set(ylim=(0, 0.82), yticks=[0, 0.4, 0.8], xlim=(0.4, len(ranks) + 0.6))
    panels[1].set_ylabel(labels["probability"])
    panels[-1].set(xlabel=labels["rank"], xticks=ranks[::1])
    panels[0].set_title(labels["title"].format(mass))
    return drawing


@temperature_top_p.check
def _(mass: float, lang: str) -> None:
    z = sampling.LOGITS
    last = 0.0
    for temperature in TEMPERATURES:
        p = sampling.softmax(z, temperature)
        # softmax(z/T) is p^(1/T) normalised.
        power = sampling.softmax(z) ** (1 / temperature)
        error = np.abs(p - power / power.sum()).max()
        assert error < 1e-12, f"T = {temperature}: differs from p^(1/T) by {error:.1e}"
        entropy = -(p * np.log(p)).sum()
        assert entropy > last, f"entropy falls to {entropy:.3f} at T = {temperature}"
        last = entropy

        keep = sampling.top_p(p, mass)
        # The smallest set that reaches the mass, among all 2^12 sets.
        n = len(p)
        sizes = [(s.bit_count(), s) for s in range(2**n)]
        member = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        enough = member @ p >= mass
        smallest = min(size for size, s in sizes if enough[s])
        assert keep.sum() == smallest and p[keep].sum() >= mass, f"T = {temperature}: {keep.sum()} kept, {smallest} would do"
        assert p[keep].min() >= p[~keep].max(), f"T = {temperature}: a token outside is more probable than one inside"
        assert abs(sampling.renormalized(p, keep).sum() - 1) < 1e-12
    assert sampling.softmax(z, 0.01).max() > 1 - 1e-12, "T → 0 is not greedy"
    assert np.ptp(sampling.softmax(z, 1e6)) < 1e-4, "T → ∞ is not uniform"
