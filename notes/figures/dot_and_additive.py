"""How large the scores of dot-product and additive attention get with d_k."""

import numpy as np
from matplotlib.figure import Figure
from models.heads import additive
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

LABELS = {
    "zh": {"dots": r"点积：$\propto\sqrt{d_k}$", "sums": "加性：不随 $d_k$ 变", "y": "打分的标准差", "title": "打分有多大"},
    "en": {
        "dots": r"dot product $\propto\sqrt{d_k}$", "sums": "additive: independent of $d_k$", "y": "std. dev. of scores",
        "title": "How large scores get",
    },
}
SIZES = 2 ** np.arange(2, 10)
SEED = 1409


def spreads(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Root mean square of the scores of n × n pairs, averaged over 30 draws: dot product, additive; one a size."""
    random, found = np.random.default_rng(SEED), []
    for d in SIZES:
        squares = np.zeros(2)
        for _ in range(30):
            q, k = random.standard_normal((2, n, d))
            squares += ((q @ k.T) ** 2).mean(), (additive(q, k, random) ** 2).mean()
        found.append(np.sqrt(squares / 30))
    return tuple(np.transpose(found))


@figure(alt="双对数图：点积打分的标准差随 d_k 按二分之一次幂上升，加性打分的标准差基本不变。")
def dot_and_additive(n: int = 12, lang: str = "zh") -> Figure:
    """Standard deviation of scores against d_k: q·k, and v·tanh(Wq + Uk) whose weights have variance 1/d_k."""
    labels = in_language(LABELS, lang)
    dots, sums = spreads(n)
    drawing = canvas(2.9)
    axes = drawing.subplots()
    axes.loglog(SIZES, dots, "o-", color=BLUE, base=2)
    axes.loglog(SIZES, sums, "s--", color=ORANGE, base=2)
    axes.text(SIZES[3], dots[3] * 1.5, labels["dots"], color=BLUE, ha="right")
    axes.text(SIZES[-1], sums[-1] * 1.4, labels["sums"], color=ORANGE, ha="right")
    axes.set_xticks(SIZES, [str(size) for size in SIZES])
    ticks = [0.5, 1, 2, 4, 8, 16]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set(xlabel="$d_k$", ylabel=labels["y"], title=labels["title"])
    axes.grid(axis="y")
    return drawing


@dot_and_additive.check
def _(n: int, lang: str) -> None:
    dots, sums = spreads(n)
    slope = [np.polyfit(np.log(SIZES), np.log(each), 1)[0] for each in (dots, sums)]
    assert abs(slope[0] - 0.5) < 0.03, f"dot product: slope {slope[0]:.3f}, not 0.5"
    assert abs(slope[1]) < 0.05, f"additive: slope {slope[1]:.3f}, not 0"
    # Pair by pair, in plain Python.
    random = np.random.default_rng(SEED)
    q, k = random.standard_normal((2, 3, 4))
    state = random.bit_generator.state
    scores = additive(q, k, random)
    random.bit_generator.state = state
    w, u = random.standard_normal((2, 4, 4)) / 2
    v = random.standard_normal(4) / 2
    for i in range(3):
        for j in range(3):
            expected = sum(v[c] * np.tanh(sum(q[i, a] * w[a, c] + k[j, a] * u[a, c] for a in range(4))) for c in range(4))
            assert abs(scores[i, j] - expected) < 1e-12, f"additive score ({i}, {j}) is off"
