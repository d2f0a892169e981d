"""Why dot-product attention divides by √d_k."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from models.attention import dot_products, entropy, softmax
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, TEXT, canvas

SIZES = 2 ** np.arange(0, 13)  # d_k of the lower panel
DRAWS = 400
SEED = 1706
LABELS = {
    "zh": {
        "max": "：最大 ", "x": "键（按打分排序）", "y": "softmax 权重", "title": "一个查询，{n} 个键，$d_k$ = {d_k}",
        "scaled": r"除以 $\sqrt{d_k}$：保持分散", "unscaled": "不缩放：趋于 one-hot", "entropy": "熵 / $\\ln n$",
    },
    "en": {
        "max": ": max ", "x": "keys, by score", "y": "softmax weight", "title": "One query, {n} keys, $d_k$ = {d_k}",
        "scaled": r"divided by $\sqrt{d_k}$: stays spread out", "unscaled": "unscaled: one-hot", "entropy": "entropy / $\\ln n$",
    },
}


@figure(
    alt="上：一个查询对各个键的 softmax 权重，不缩放时几乎全部落在一个键上，除以根号 d_k 后分散。"
    "下：平均熵随 d_k 的变化，不缩放时降向 0，缩放后保持不变。"
)
def softmax_scaling(d_k: int = 512, n: int = 8, lang: str = "zh") -> Figure:
    """Weights of one query over n keys with and without 1/√d_k, and mean entropy / log n against d_k.

    Components of queries and keys are independent N(0, 1). The query shown is the one of `DRAWS` whose scaled
    entropy is the median: neither the best case nor the worst.
    Source: Attention Is All You Need, arXiv 1706.03762, section 3.2.1.
    """
    labels = in_language(LABELS, lang)
    if d_k < 1 or n < 2:
        raise ValueError(f"d_k = {d_k}, n = {n}: needs at least one dimension and two keys")
    drawing = canvas(4.3)
    top, bottom = drawing.subplots(2, 1)
    weights(top, typical(dot_products(d_k, n, DRAWS, SEED), d_k), d_k, labels)
    entropies(bottom, n, labels)
    drawing.align_ylabels()
    return drawing


def typical(logits: np.ndarray, d_k: int) -> np.ndarray:
    """The row of `logits` (draws, n) whose scaled weights have the median entropy. Shape (n,)."""
    order = np.argsort(entropy(softmax(logits / np.sqrt(d_k))), kind="stable")
    return logits[order[len(order) // 2]]


def mean_entropies(d_k: int, n: int) -> tuple[float, float]:
    """Mean of entropy / log n over the draws: unscaled, scaled."""
    logits = dot_products(d_k, n, DRAWS, SEED)
    unscaled, scaled = (entropy(softmax(each)).mean() / np.log(n) for each in (logits, logits / np.sqrt(d_k)))
    return unscaled, scaled


def weights(axes: Axes, logits: np.ndarray, d_k: int, labels: dict[str, str]) -> None:
    """Two bars a key, from the highest weight down, which leaves room for the legend. `logits`: (n,)."""
    logits = np.sort(logits)[::-1]
    ranks = np.arange(1, len(logits) + 1)
    unscaled, scaled = softmax(logits), softmax(logits / np.sqrt(d_k))
    hatched = {"hatch": "///", "edgecolor": "white", "linewidth": 0}
    axes.bar(ranks - 0.2, unscaled, 0.4, color=ORANGE, label=f"$qK^\\top${labels['max']}{unscaled[0]:.2f}", **hatched)
    axes.bar(ranks + 0.2, scaled, 0.4, color=BLUE, label=f"$qK^\\top / \\sqrt{{d_k}}${labels['max']}{scaled[0]:.2f}")
    axes.legend(loc="upper right", fontsize=TEXT)
    axes.set(xlabel=labels["x"], ylabel=labels["y"], xlim=(0.4, None), ylim=(0, 1.05), yticks=[0, 0.5, 1])
    axes.locator_params(axis="x", integer=True, nbins=9)
    axes.set_title(labels["title"].format(n=len(logits), d_k=d_k))


def entropies(axes: Axes, n: int, labels: dict[str, str]) -> None:
    """Both curves, labelled directly."""
    unscaled, scaled = np.transpose([mean_entropies(size, n) for size in SIZES])
    axes.plot(SIZES, scaled, "o-", color=BLUE)
    axes.plot(SIZES, unscaled, "s--", color=ORANGE)
    axes.text(SIZES[-1], scaled[-1] - 0.08, labels["scaled"], color=BLUE, ha="right", va="top")
    axes.text(SIZES[-1], unscaled[-1] + 0.18, labels["unscaled"], color=ORANGE, ha="right", va="bottom")
    axes.set_xscale("log", base=2)
    axes.set(xlabel="$d_k$", ylabel=labels["entropy"], ylim=(0, 1.05), yticks=[0, 0.5, 1])
    axes.set_xticks(SIZES[::2], [str(size) for size in SIZES[::2]])
    axes.set_xticks([], minor=True)


@softmax_scaling.check
def _(d_k: int, n: int, lang: str) -> None:
    logits = dot_products(d_k, n, DRAWS, SEED)
    error = np.abs(softmax(logits).sum(axis=-1) - 1).max()
    assert error < 1e-12, f"the weights of a query sum to 1 ± {error:.1e}"

    draws = 2000
    ratio = dot_products(d_k, 1, draws, SEED + 1).var() / d_k
    allowed = 5 * np.sqrt((2 + 6 / d_k) / draws)  # five standard errors of a sample variance of q·k
    assert abs(ratio - 1) < allowed, f"var(q·k)/d_k is {ratio:.3f}, not 1 ± {allowed:.3f}"

    unscaled, scaled = np.transpose([mean_entropies(size, n) for size in SIZES])
    for size, *drawn in zip(SIZES, unscaled, scaled, strict=True):
        for factor, value in zip((1, np.sqrt(size)), drawn, strict=True):
            expected, error = reference_entropy(size, n, factor)
            place = f"entropy at d_k = {size}, scale {factor:.0f}"
            assert abs(value - expected) < 6 * error, f"{place}: {value:.3f}, not {expected:.3f} ± {6 * error:.3f}"
    assert unscaled[-1] < unscaled[0] / 10, f"unscaled entropy falls only from {unscaled[0]:.3f} to {unscaled[-1]:.3f}"
    assert scaled.min() > 0.85 * scaled.max(), f"scaled entropy runs from {scaled.min():.3f} to {scaled.max():.3f}"


def reference_entropy(d_k: int, n: int, factor: float) -> tuple[float, float]:
    """Mean entropy / log n of softmax(q·k / factor) by another route, and the standard error of `DRAWS` draws.

    Given |q|, the n dot products are independent N(0, |q|²), and |q|² follows χ² with d_k degrees of freedom; and the
    entropy is ln Σ exp(x) − Σ p·x.
    """
    random = np.random.default_rng(SEED + 2)
    norms = np.sqrt(random.chisquare(d_k, (4000, 1)))
    x = norms * random.standard_normal((4000, n)) / factor
    x -= x.max(axis=1, keepdims=True)
    total = np.exp(x).sum(axis=1)
    values = (np.log(total) - (np.exp(x) * x).sum(axis=1) / total) / np.log(n)
    return values.mean(), values.std() / np.sqrt(DRAWS)
