"""At least one of k, and all of k."""

import numpy as np
from matplotlib.figure import Figure
from models import evaluation
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, SMALL, canvas

LABELS = {
    "zh": {
        "any": "pass@$k$：至少成一次",
        "mixed": "pass^$k$：一半的题 {:g}，一半 {:.2f}",
        "equal": "pass^$k$：每题都是 {:g}",
        "y": "概率",
        "title": "单次成功率平均都是 {:g}",
    },
    "en": {
        "any": "pass@$k$: at least one",
        "mixed": "pass^$k$: half at {:g}, half at {:.2f}",
        "equal": "pass^$k$: all at {:g}",
        "y": "probability",
        "title": "Mean success rate of one run: {:g}",
    },
}


def all_of(k: int, kinds: list[tuple[float, float]]) -> float:
    """pass^k over tasks of several kinds, each a share of the tasks and a chance of success."""
    return sum(share * p**k for share, p in kinds)


def kinds(mean: float, easy: float) -> list[tuple[float, float]]:
    """Half of the tasks always hold at `easy`, the others at what keeps the mean."""
    return [(0.5, easy), (0.5, 2 * mean - easy)]


@figure(
    alt="单次成功率平均 0.6。pass@k 随 k 升到接近 1；每题都是 0.6 时 pass^k 很快降到 0；一半的题 0.95、一半 0.25 时，"
    "pass^k 降得慢得多，停在三分之一以上。"
)
def pass_hat_k(mean: float = 0.6, easy: float = 0.95, limit: int = 8, lang: str = "zh") -> Figure:
    """1 − (1 − p)^k, p^k, and the latter over tasks that differ, with the same mean.

    Source: Yao et al., τ-bench, arXiv 2406.12045.
    """
    labels = in_language(LABELS, lang)
    k = np.arange(1, limit + 1)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    axes.plot(k, [evaluation.at_least_one(mean, int(n)) for n in k], "s-", color=GREEN)
    axes.plot(k, [all_of(int(n), kinds(mean, easy)) for n in k], "^--", color=ORANGE)
    axes.plot(k, [all_of(int(n), [(1.0, mean)]) for n in k], "o-", color=BLUE)
    axes.text(4.5, 0.88, labels["any"], color=GREEN, ha="left", va="center")
    axes.text(3.2, 0.55, labels["mixed"].format(easy, 2 * mean - easy), color=ORANGE, ha="left", va="center", fontsize=SMALL + 1)
    axes.text(3.6, 0.25, labels["equal"].format(mean), color=BLUE, ha="left", va="center", fontsize=SMALL + 1)
    axes.set(xlabel="$k$", ylabel=labels["y"], ylim=(0, 1.05), xticks=k, yticks=[0, 0.5, 1])
    axes.grid(axis="y")
    axes.set_title(labels["title"].format(mean))
    return drawing


@pass_hat_k.check
def _(mean: float, easy: float, limit: int, lang: str) -> None:
    random = np.random.default_rng(2406)
    assert abs(all_of(1, kinds(mean, easy)) - mean) < 1e-12
    runs = random.random((40000, limit)) < np.where(np.arange(40000) % 2, easy, 2 * mean - easy)[:, None]
    for k in (2, limit):
        drawn = runs[:, :k].all(axis=1).mean()
        assert abs(drawn - all_of(k, kinds(mean, easy))) < 0.013, f"k = {k}: {drawn:.3f} drawn"
        # The estimate from n runs of a task is right on average.
        hat = sum(evaluation.pass_hat_k(limit, int(c), k) * (runs.sum(axis=1) == c).mean() for c in range(limit + 1))
        assert abs(hat - all_of(k, kinds(mean, easy))) < 0.013, f"k = {k}: the estimate is {hat:.3f}"
