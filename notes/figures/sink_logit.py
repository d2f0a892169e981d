"""A head that finds nothing: weights with and without a sink in the denominator."""

import numpy as np
from matplotlib.figure import Figure
from models.attention import softmax
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

LABELS = {
    "zh": {"plain": "普通 softmax", "sink": "分母里加汇", "x": "{keys} 个键共同的打分", "y": "权重之和"},
    "en": {"plain": "plain softmax", "sink": "sink in denominator", "x": "score of all {keys} keys", "y": "sum of weights"},
}


def totals(scores: np.ndarray, keys: int, sink: float) -> np.ndarray:
    """What `keys` equal scores get together when exp(sink) stands in the denominator as well. Shape of `scores`."""
    rows = np.hstack([np.repeat(scores[:, None], keys, axis=1), np.full((len(scores), 1), sink)])
    return softmax(rows)[:, :keys].sum(axis=1)


@figure(alt="横轴是 10 个键共同的打分，纵轴是真实键分到的权重之和。普通 softmax 恒为 1；分母里多一个汇，打分低时之和趋近 0，打分高时趋近 1。")
def sink_logit(keys: int = 10, sink: float = 0.0, lang: str = "zh") -> Figure:
    """Sum of the weights of the real keys against their score, for plain softmax and with a sink."""
    labels = in_language(LABELS, lang)
    drawing = canvas(2.8)
    axes = drawing.subplots()
    x = np.linspace(-8, 4, 61)
    axes.plot(x, np.ones_like(x), "--", color=ORANGE, label=labels["plain"])
    axes.plot(x, totals(x, keys, sink), "-", color=BLUE, label=labels["sink"])
    axes.set(xlabel=labels["x"].format(keys=keys), ylabel=labels["y"], ylim=(0, 1.35), yticks=[0, 0.5, 1])
    axes.grid(axis="y")
    axes.legend(loc="upper left", ncols=2, columnspacing=1)
    return drawing


@sink_logit.check
def _(keys: int, sink: float, lang: str) -> None:
    x = np.linspace(-8, 4, 13)
    expected = 1 / (1 + np.exp(sink - x) / keys)  # a logistic function of the score, moved by ln(keys)
    error = np.abs(totals(x, keys, sink) - expected).max()
    assert error < 1e-12, f"the sum of weights is off by {error:.1e}"
