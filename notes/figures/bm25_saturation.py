"""BM25's answer to repetition and to length."""

import numpy as np
from matplotlib.figure import Figure
from models import retrieval
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, MUTED, ORANGE, SMALL, canvas

LABELS = {
    "zh": {
        "length": "文档长为平均的 {:g} 倍",
        "limit": "上限 $k_1+1$ = {:g}",
        "term": "词频本身",
        "x": "词在文档里出现的次数",
        "y": "词频因子",
        "title": "BM25 会饱和（$k_1$ = {:g}，$b$ = {:g}）",
    },
    "en": {
        "length": "{:g}× the average length",
        "limit": "limit $k_1+1$ = {:g}",
        "term": "the count itself",
        "x": "occurrences of the term in the document",
        "y": "term frequency factor",
        "title": "BM25 saturates ($k_1$ = {:g}, $b$ = {:g})",
    },
}


@figure(
    alt="横轴词频，纵轴 BM25 的词频因子。平均长度的文档：1 次得 1，之后越来越平，不超过 2.2；"
    "一半长的文档曲线更高，三倍长的更低；对照的词频本身直线上升。"
)
def bm25_saturation(k1: float = 1.2, b: float = 0.75, lang: str = "zh") -> Figure:
    """tf·(k1+1) / (tf + k1·(1−b+b·|d|/avg)) against tf for three lengths.

    Source: Robertson & Zaragoza 2009, section 3.
    """
    labels = in_language(LABELS, lang)
    tf = np.arange(0, 16)
    drawing = canvas(3.1)
    axes = drawing.subplots()
    for length, color, line in ((0.5, GREEN, "^-."), (1.0, BLUE, "o-"), (3.0, ORANGE, "s--")):
        values = retrieval.saturation(tf, k1, b, length)
        axes.plot(tf, values, line, color=color, label=labels["length"].format(length))
    axes.axhline(k1 + 1, color=MUTED, linewidth=1, linestyle=":")
    axes.text(15, k1 + 1.05, labels["limit"].format(k1 + 1), ha="right", va="bottom", fontsize=SMALL)
    axes.plot([0, k1 + 1.35], [0, k1 + 1.35], color=MUTED, linewidth=1.2)
    axes.text(k1 + 1.6, k1 + 1.3, labels["term"], fontsize=SMALL, color=MUTED, ha="left", va="center")
    axes.legend(loc="lower right", fontsize=SMALL, borderaxespad=0.2)
    axes.set(xlabel=labels["x"], ylabel=labels["y"], xlim=(0, 15.4), ylim=(0, k1 + 1.6))
    axes.set_xticks([0, 1, 5, 10, 15])
    axes.grid(axis="y")
    axes.set_title(labels["title"].format(k1, b))
    return drawing


@bm25_saturation.check
def _(k1: float, b: float, lang: str) -> None:
    for length in (0.5, 1.0, 3.0):
        norm = 1 - b + b * length
        values = [retrieval.saturation(tf, k1, b, length) for tf in range(0, 400)]
        steps = np.diff(values)
        assert values[0] == 0 and (steps > 0).all() and (np.diff(steps) < 0).all(), "it does not rise ever more slowly"
        assert values[-1] < k1 + 1
        # Written as a weighted harmonic form: 1/f = (1 + k1·norm/tf) / (k1 + 1).
        for tf in (1, 3, 10):
            expected = (k1 + 1) / (1 + k1 * norm / tf)
            assert abs(values[tf] - expected) < 1e-12
    assert abs(retrieval.saturation(1, k1, b) - 1) < 1e-12
    # b = 0: length does not matter; k1 = 0: only whether the term occurs.
    assert retrieval.saturation(3, k1, 0.0, 5.0) == retrieval.saturation(3, k1, 0.0, 0.2)
    assert retrieval.saturation(3, 0.0, b, 5.0) == retrieval.saturation(300, 0.0, b, 0.2) == 1
