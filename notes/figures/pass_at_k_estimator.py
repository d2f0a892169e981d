"""pass@k from n samples: the unbiased estimator against the obvious one."""

import math
from itertools import combinations

import numpy as np
from matplotlib.figure import Figure
from models import evaluation
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, ORANGE, SMALL, canvas

LABELS = {
    "zh": {
        "truth": "真值 $1-(1-p)^{{{}}}$ = {:.3f}",
        "unbiased": "$1-C_{n-c}^{k}/C_n^{k}$：无偏",
        "biased": "$1-(1-c/n)^{k}$：偏低",
        "x": "每题采样数 $n$",
        "y": "估计量的期望（pass@{}）",
        "title": "单次通过率 {:g} 的一道题",
    },
    "en": {
        "truth": "true $1-(1-p)^{{{}}}$ = {:.3f}",
        "unbiased": "binomial: unbiased",
        "biased": "$1-(1-c/n)^{k}$: too low",
        "x": "samples per problem $n$",
        "y": "expected estimate (pass@{})",
        "title": "A problem with pass rate {:g}",
    },
}


@figure(
    alt="横轴每题采样数 n，纵轴 pass@10 估计量的期望。真值用虚线标出；组合数估计量的期望处处等于真值，"
    "用正确率代入的估计量低于真值，n 越小低得越多。"
)
def pass_at_k_estimator(k: int = 10, p: float = 0.05, lang: str = "zh") -> Figure:
    """Means of both estimators over c ~ Binomial(n, p), exactly.

    Source: Chen et al., arXiv 2107.03374, section 2.1.
    """
    labels = in_language(LABELS, lang)
    sizes = np.array([10, 12, 15, 20, 30, 50, 100, 200])
    truth = 1 - (1 - p) ** k
    drawing = canvas(3.0)
    axes = drawing.subplots()
    axes.axhline(truth, color=MUTED, linewidth=1.2, linestyle=":")
    axes.semilogx(sizes, [evaluation.expected(evaluation.pass_at_k, int(n), k, p) for n in sizes], "o-", color=BLUE)
    axes.semilogx(sizes, [evaluation.expected(evaluation.naive, int(n), k, p) for n in sizes], "s--", color=ORANGE)
    axes.text(200, truth + 0.012, labels["truth"].format(k, truth), ha="right", va="bottom", fontsize=SMALL)
    axes.text(11, truth - 0.008, labels["unbiased"], color=BLUE, ha="left", va="top")
    axes.text(16, evaluation.expected(evaluation.naive, 15, k, p) - 0.025, labels["biased"], color=ORANGE, ha="left", va="top")
    axes.set_xticks([10, 20, 50, 100, 200], ["10", "20", "50", "100", "200"])
    axes.minorticks_off()
    low = evaluation.expected(evaluation.naive, 10, k, p)
    axes.set(xlabel=labels["x"], ylabel=labels["y"].format(k), ylim=(low - 0.06, truth + 0.06))
    axes.grid(axis="y")
    axes.set_title(labels["title"].format(p))
    return drawing


@pass_at_k_estimator.check
def _(k: int, p: float, lang: str) -> None:
    for n in (k, k + 2, 3 * k, 20 * k):
        found = evaluation.expected(evaluation.pass_at_k, n, k, p)
        truth = 1 - (1 - p) ** k
        assert abs(found - truth) < 1e-9, f"n = {n}: the mean is {found:.6f}, not {truth:.6f}"
        assert evaluation.expected(evaluation.naive, n, k, p) < truth
    # The formula against going through all choices of k out of n, and against the paper's product.
    for n, c, few in ((6, 2, 3), (7, 1, 2), (5, 5, 1), (6, 4, 3), (8, 0, 4)):
        choices = list(combinations(range(n), few))
        share = sum(any(i < c for i in choice) for choice in choices) / len(choices)
        found = evaluation.pass_at_k(n, c, few)
        assert abs(found - share) < 1e-12, f"n = {n}, c = {c}, k = {few}: {found:.4f}, by going through all {share:.4f}"
        product = 1.0 if n - c < few else 1 - math.prod(1 - few / i for i in range(n - c + 1, n + 1))
        assert abs(found - product) < 1e-12
