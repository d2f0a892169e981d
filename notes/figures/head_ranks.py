"""What dividing d_model among the heads costs, and what it keeps."""

import numpy as np
from matplotlib.figure import Figure
from models.heads import random_weights, split
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

LABELS = {
    "zh": {
        "rank": "$QK^\\top$ 的秩", "title": "$n$ = {n}，$d$ = {d}：秩 = $d/h$", "whole": "每头全维：$4hd^2$", "split": "均分：恒为 $4d^2$",
        "x": "头数 $h$", "y": "参数 / $d^2$",
    },
    "en": {
        "rank": "rank of $QK^\\top$", "title": "$n$ = {n}, $d$ = {d}: rank = $d/h$", "whole": "full-width heads: $4hd^2$",
        "split": "even split: always $4d^2$",
        "x": "heads $h$", "y": "parameters / $d^2$",
    },
}
HEADS = (1, 2, 4, 8, 16, 32)
SEED = 2002


def rank(n: int, d: int, h: int) -> int:
    """Rank of QKᵀ in the first of h heads over n random words."""
    random = np.random.default_rng(SEED)
    w_q, w_k, *_ = random_weights(d, random)
    x = random.standard_normal((n, d))
    return int(np.linalg.matrix_rank(split(x @ w_q, h)[0] @ split(x @ w_k, h)[0].T))


def parameters(d: int, h: int, whole: bool) -> int:
    """Weights of h heads; `whole`: every head keeps all d dimensions."""
    size = d if whole else d // h
    return h * 3 * d * size + h * size * d


@figure(alt="上：每头打分矩阵的秩等于 d 除以头数，头越多秩越低。下：均分时总参数恒为 4d²，每头都保留全维时随头数成倍增长。")
def head_ranks(n: int = 128, d: int = 128, lang: str = "zh") -> Figure:
    """Rank of one head's QKᵀ, and all weights in units of d², against the number of heads."""
    labels = in_language(LABELS, lang)
    drawing = canvas(4.2)
    top, bottom = drawing.subplots(2, 1, sharex=True)
    places, ranks = np.arange(len(HEADS)), [rank(n, d, h) for h in HEADS]
    top.bar(places, ranks, 0.6, color=BLUE)
    for place, value in zip(places, ranks, strict=True):
        top.annotate(str(value), (place, value), (0, 2), textcoords="offset points", ha="center", va="bottom")
    top.set(ylabel=labels["rank"], ylim=(0, 1.2 * max(ranks)))
    top.set_title(labels["title"].format(n=n, d=d))
    for whole, style, color in ((True, "s--", ORANGE), (False, "o-", BLUE)):
        bottom.plot(places, [parameters(d, h, whole) / d**2 for h in HEADS], style, color=color)
    bottom.set_yscale("log", base=2)
    bottom.set_yticks([4, 16, 64], ["4", "16", "64"])
    bottom.set_xticks(places, [str(h) for h in HEADS])
    bottom.text(2.6, 32, labels["whole"], color=ORANGE, ha="right")
    bottom.text(5, 5, labels["split"], color=BLUE, ha="right")
    bottom.set(xlabel=labels["x"], ylabel=labels["y"], ylim=(3, 200))
    drawing.align_ylabels()
    return drawing


@head_ranks.check
def _(n: int, d: int, lang: str) -> None:
    random = np.random.default_rng(SEED + 1)
    for h in HEADS:
        assert rank(n, d, h) == min(n, d // h), f"rank of QKᵀ with {h} heads is {rank(n, d, h)}, not d/h = {d // h}"
        # The weights of heads built one by one.
        for whole in (False, True):
            size = d if whole else d // h
            held = sum(random.random(shape).size for _ in range(h) for shape in [(d, size)] * 3 + [(size, d)])
            assert held == parameters(d, h, whole), f"{h} heads hold {held} weights, not {parameters(d, h, whole)}"
        assert parameters(d, h, False) == 4 * d * d, f"{h} heads: {parameters(d, h, False)} weights"
        assert parameters(d, h, True) == 4 * h * d * d, f"{h} whole heads: {parameters(d, h, True)} weights"
