"""Four masks: which keys each query may see."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from models.languages import in_language
from models.masks import causal, prefix, reach, sinks, window

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GRID, SMALL, TEXT, canvas

LABELS = {
    "zh": {
        "causal": "因果", "prefix": "前缀（前 {width} 个互看）", "window": "滑动窗口 $w$ = {width}", "sinks": "窗口加开头 2 个",
        "pairs": "可见 {count} 对",
    },
    "en": {
        "causal": "causal", "prefix": "prefix of {width}", "window": "sliding window, $w$ = {width}", "sinks": "window and first 2",
        "pairs": "{count} pairs visible",
    },
}


def shapes(n: int, width: int) -> dict[str, np.ndarray]:
    return {
        "causal": causal(n),
        "prefix": prefix(n, width),
        "window": window(n, width),
        "sinks": sinks(n, width, 2),
    }


@figure(alt="四张掩码，行是查询，列是键，蓝色为可见：因果是下三角；前缀在下三角上多了开头几列；滑动窗口是一条斜带；窗口加开头是斜带加头两列。")
def mask_shapes(n: int = 12, width: int = 4, lang: str = "zh") -> Figure:
    """Rows are queries, columns are keys; under each the number of pairs seen."""
    labels = in_language(LABELS, lang)
    drawing = canvas(4.4)
    for axes, (name, seen) in zip(drawing.subplots(2, 2).flat, shapes(n, width).items(), strict=True):
        axes.pcolormesh(seen[::-1], cmap=ListedColormap(["none", BLUE]), edgecolors=GRID, linewidth=0.4, vmin=0, vmax=1)
        axes.set_title(labels[name].format(width=width), fontsize=TEXT)
        axes.set(xticks=[], yticks=[], aspect="equal")
        axes.set_xlabel(labels["pairs"].format(count=seen.sum()), fontsize=SMALL + 1)
        axes.spines[:].set_visible(False)
    return drawing


@mask_shapes.check
def _(n: int, width: int, lang: str) -> None:
    rules = (
        lambda i, j: j <= i,
        lambda i, j: j <= i or j < width,
        lambda i, j: i - width < j <= i,
        lambda i, j: j <= i and (i - j < width or j < 2),
    )
    for (name, seen), rule in zip(shapes(n, width).items(), rules, strict=True):
        for i in range(n):
            for j in range(n):
                assert seen[i, j] == rule(i, j), f"{name}: query {i}, key {j} is {seen[i, j]}"
    assert causal(n).sum() == n * (n + 1) // 2, f"causal: {causal(n).sum()} pairs"
    for layers in (1, 2, 3):
        size = layers * (width - 1) + 3
        far = reach(window(size, width), layers)[-1].sum()
        assert far == layers * (width - 1) + 1, f"{layers} layers of windows of {width} reach {far} tokens"
