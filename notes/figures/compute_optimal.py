"""For each budget one best size: the loss along lines of equal compute."""

import numpy as np
from matplotlib.figure import Figure
from models import scaling_laws as laws
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, MUTED, ORANGE, SMALL, canvas

BUDGETS = ((1e20, BLUE, "-", "20"), (1e22, ORANGE, "--", "22"), (1e24, GREEN, "-.", "24"))

LABELS = {
    "zh": {"ratio": "{:.0f} token/参数", "size": "参数量 $N$", "loss": "预测的损失（nats / token）", "title": "同样的 FLOP，参数与数据怎么分"},
    "en": {
        "ratio": "{:.0f} tokens/param.",
        "size": "parameters $N$",
        "loss": "predicted loss (nats/token)",
        "title": "One budget, split between model and data",
    },
}


@figure(
    alt="横轴参数量，纵轴预测损失，三条等计算量曲线呈 U 形：同样的 FLOPs，模型太小或太大（数据太少）都更差。"
    "最低点随预算右移，每个最低点约为每参数二十来个 token。"
)
def compute_optimal(lang: str = "zh") -> Figure:
    """L(N, C/6N) against N for three budgets, with the fit of Besiroglu et al.; the minima marked.

    Source: Hoffmann et al., arXiv 2203.15556, section 3; Besiroglu et al., arXiv 2404.10102.
    """
    labels = in_language(LABELS, lang)
    fit = laws.BESIROGLU
    drawing = canvas(3.4)
    axes = drawing.subplots()
    for compute, color, line, power in BUDGETS:
        n, d = (float(x) for x in laws.optimum(compute, fit))
        sizes = np.geomspace(n / 12, n * 12, 80)
        axes.plot(sizes, laws.loss(sizes, compute / (6 * sizes), fit), line, color=color)
        low = float(laws.loss(n, d, fit))
        axes.plot(n, low, "o", color=color)
        axes.text(n, low - 0.045, labels["ratio"].format(d / n), color=color, ha="center", va="top", fontsize=SMALL)
        end = float(laws.loss(sizes[-1], compute / (6 * sizes[-1]), fit))
        axes.text(sizes[-1], end + 0.03, rf"$10^{{{power}}}$ FLOP", color=color, ha="center", va="bottom", fontsize=SMALL)
    axes.set_xscale("log")
    axes.set(xlabel=labels["size"], ylabel=labels["loss"], xlim=(4e7, 8e12), ylim=(1.8, 3.1))
    axes.minorticks_off()
    axes.grid(axis="y")
    axes.set_title(labels["title"])
    axes.text(0.98, 0.97, r"$C = 6ND$", transform=axes.transAxes, ha="right", va="top", color=MUTED)
    return drawing


@compute_optimal.check
def _(lang: str) -> None:
    for fit in (laws.HOFFMANN, laws.BESIROGLU):
        for compute, *_ in BUDGETS:
            n, d = (float(x) for x in laws.optimum(compute, fit))
            assert abs(laws.flops(n, d) / compute - 1) < 1e-9, "the optimum does not spend the budget"
            # By search along the line of equal compute.
            sizes = np.geomspace(n / 20, n * 20, 40001)
            best = sizes[np.argmin(laws.loss(sizes, compute / (6 * sizes), fit))]
            assert abs(best / n - 1) < 1e-3, f"C = {compute:.0e}: search finds N = {best:.4g}, the formula {n:.4g}"
    ratios = [float(d / n) for n, d in (laws.optimum(compute, laws.BESIROGLU) for compute, *_ in BUDGETS)]
    assert all(15 < ratio < 30 for ratio in ratios), f"tokens a parameter: {ratios}"
