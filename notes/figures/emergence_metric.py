"""The same smooth gain, seen by a metric that jumps and by one that does not."""

import numpy as np
from matplotlib.figure import Figure
from models import evaluation
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, ORANGE, canvas

SCALE = np.geomspace(1e7, 1e12, 61)


def per_token(n: np.ndarray) -> np.ndarray:
    """An assumed power law of the cross-entropy, (c/N)^0.4, turned into the chance of the right token."""
    return np.exp(-((1e7 / n) ** 0.4))

LABELS = {
    "zh": {
        "token": "每个 token 的正确率 $p$",
        "all": "{0} 个全对 $p^{{{0}}}$",
        "size": "参数量（假想）",
        "score": "得分",
        "title": "换个指标，「涌现」就变平滑",
    },
    "en": {
        "token": "per-token accuracy $p$",
        "all": "all {0} right $p^{{{0}}}$",
        "size": "parameters (hypothetical)",
        "score": "score",
        "title": "A smooth metric removes the jump",
    },
}


@figure(
    alt="横轴参数量（对数）。每个 token 的正确率平滑上升；由它算出的 30 个 token 全对的概率，前几个数量级贴着 0，"
    "随后陡然上升，看上去像涌现。"
)
def emergence_metric(length: int = 30, lang: str = "zh") -> Figure:
    """p(N) and p(N)^L, with an assumed power law for ln p.

    Source: Schaeffer et al., arXiv 2304.15004, section 2.
    """
    labels = in_language(LABELS, lang)
    p = per_token(SCALE)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    axes.semilogx(SCALE, p, color=BLUE)
    axes.semilogx(SCALE, evaluation.exact_match(p, length), "--", color=ORANGE)
    axes.text(5e8, 0.72, labels["token"], color=BLUE, ha="left", va="top")
    axes.text(6e10, 0.14, labels["all"].format(length), color=ORANGE, ha="left", va="bottom")
    axes.set(xlabel=labels["size"], ylabel=labels["score"], ylim=(0, 1.02), yticks=[0, 0.5, 1], xlim=(1e7, 1e12))
    axes.minorticks_off()
    axes.grid(axis="y", color=MUTED, alpha=0.4)
    axes.set_title(labels["title"])
    return drawing


@emergence_metric.check
def _(length: int, lang: str) -> None:
    p = per_token(SCALE)
    # p^L against drawing L tokens many times.
    random = np.random.default_rng(2304)
    for chance in (0.9, 0.97, 0.99):
        hits = (random.random((20000, length)) < chance).all(axis=1).mean()
        expected = evaluation.exact_match(chance, length)
        assert abs(hits - expected) < 5 * 0.5 / 20000**0.5, f"p = {chance}: {hits:.3f} drawn, {expected:.3f} computed"
    # Smooth: ln(−ln p) is a straight line over ln N. And the same line, moved up by ln L, is the metric that "jumps".
    x = np.log(SCALE)
    for curve, shift in ((p, 0.0), (evaluation.exact_match(p, length), np.log(length))):
        y = np.log(-np.log(curve)) - shift
        error = np.abs(y - np.polyval([-0.4, 0.4 * np.log(1e7)], x)).max()
        assert error < 1e-9, f"off the power law by {error:.1e}"
