"""Reading the newest value from a matrix memory whose keys are written again and again."""

import numpy as np
from matplotlib.figure import Figure
from models.delta import rewriting, unit_keys, write
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

LABELS = {
    "zh": {
        "sum": "只加外积", "delta": "delta 规则", "x": "每个键被改写了几次", "y": "读出最新值的相对误差", "title": "{n} 个键，状态 {d}×{d}",
    },
    "en": {
        "sum": "outer products only", "delta": "delta rule", "x": "rounds in which each key was written", "y": "relative error of reads",
        "title": "{n} keys, state of {d}×{d}",
    },
}
DRAWS, SEED = 20, 2102


def errors(n: int, d: int, rounds: int, correct: bool) -> np.ndarray:
    """Mean over DRAWS sets of keys and values. Shape (rounds,)."""
    return np.mean([rewriting(n, d, rounds, correct, np.random.default_rng([SEED, draw])) for draw in range(DRAWS)], axis=0)


@figure(alt="横轴是每个键被改写的次数，纵轴是读出最新值的相对误差。只加外积的误差一直上升，delta 规则的误差保持不变。")
def delta_rule(n: int = 16, d: int = 128, rounds: int = 8, lang: str = "zh") -> Figure:
    """Every round gives each of n keys a new value; the error of reading the newest ones."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    x = np.arange(1, rounds + 1)
    axes.plot(x, errors(n, d, rounds, False), "s--", color=ORANGE, label=labels["sum"])
    axes.plot(x, errors(n, d, rounds, True), "o-", color=BLUE, label=labels["delta"])
    axes.set(xlabel=labels["x"], ylabel=labels["y"], xticks=x, ylim=(0, None), title=labels["title"].format(n=n, d=d))
    axes.grid(axis="y")
    axes.legend(loc="upper left")
    return drawing


@delta_rule.check
def _(n: int, d: int, rounds: int, lang: str) -> None:
    summed, corrected = errors(n, d, rounds, False), errors(n, d, rounds, True)
    # Values that were never taken off stay as noise: r − 1 old ones and the cross talk of all.
    expected = [np.sqrt(r - 1 + r * (n - 1) / d) for r in range(1, rounds + 1)]
    error = np.abs(summed / expected - 1).max()
    assert error < 0.05, f"sums are off the expected error by {error:.1%}"
    assert corrected[2:].max() < 1.05 * corrected[2] < 0.5, f"the delta rule's error is {corrected.min():.2f} to {corrected.max():.2f}"
    # The key that was written last reads exactly its value; and the write is one step of gradient descent on ½‖kS − v‖².
    random = np.random.default_rng(SEED)
    (key,), state, value = unit_keys(1, d, random), random.standard_normal((d, d)), random.standard_normal(d)
    assert np.abs(key @ write(state, key, value) - value).max() < 1e-9, "a full write is not read back"
    gradient = np.array([[(key @ state - value)[j] * key[i] for j in range(d)] for i in range(d)])
    assert np.abs(write(state, key, value, beta=0.3) - (state - 0.3 * gradient)).max() < 1e-9, "the write is not a step of gradient descent"
