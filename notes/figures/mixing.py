"""Change one word: which rows of the output change."""

import numpy as np
from matplotlib.figure import Figure
from models.block import ffn, random_ffn
from models.counts import encoder_layer, ffn_layer
from models.heads import multi_head, random_weights
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, TEXT, canvas

LABELS = {
    "zh": {"attention": "注意力：处处都变", "ffn": "FFN：只有第 {word} 个变", "y": "输出的变化", "x": "位置（改的是第 {word} 个 token）"},
    "en": {
        "attention": "Attention: every output changes", "ffn": "FFN: only number {word} changes", "y": "change",
        "x": "position (the input of token {word} changed)",
    },
}
D, HEADS, SEED = 64, 4, 303


def changes(n: int, word: int) -> tuple[np.ndarray, np.ndarray]:
    """Length of the change of every output row when row `word` of the input changes: attention, FFN. Each (n,)."""
    random = np.random.default_rng(SEED)
    x = random.standard_normal((n, D))
    y = x.copy()
    y[word] = random.standard_normal(D)
    w, w_ffn = random_weights(D, random), random_ffn(D, random)
    attention = multi_head(y, w, HEADS)[0] - multi_head(x, w, HEADS)[0]
    return np.linalg.norm(attention, axis=1), np.linalg.norm(ffn(y, w_ffn) - ffn(x, w_ffn), axis=1)


@figure(alt="只改第 3 个 token 的输入。上：注意力的每一个位置的输出都变了。下：FFN 只有第 3 个位置的输出变了，其余恰好为 0。")
def mixing(n: int = 8, word: int = 3, lang: str = "zh") -> Figure:
    """How much each position's output changes when word number `word` does."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.4)
    panels = drawing.subplots(2, 1, sharex=True)
    places, found = np.arange(1, n + 1), changes(n, word - 1)
    for axes, values, name, color in zip(panels, found, ("attention", "ffn"), (BLUE, ORANGE), strict=True):
        axes.bar(places, values, 0.6, color=color)
        for place in places[values == 0]:
            axes.annotate("0", (place, 0), (0, 2), textcoords="offset points", ha="center", va="bottom")
        axes.set_title(labels[name].format(word=word), fontsize=TEXT)
        axes.set(ylabel=labels["y"], yticks=[])
    panels[1].set(xlabel=labels["x"].format(word=word), xticks=places)
    return drawing


@mixing.check
def _(n: int, word: int, lang: str) -> None:
    attention, feed_forward = changes(n, word - 1)
    others = np.arange(n) != word - 1
    assert (feed_forward[others] == 0).all(), f"FFN carries {feed_forward[others].max():.1e} to other words"
    assert feed_forward[~others] > 0 and (attention > 0).all(), "a change is lost"
    # Row by row, the FFN is the same function.
    random = np.random.default_rng(SEED)
    x, w = random.standard_normal((n, D)), random_ffn(D, random)
    rows = np.array([np.maximum(row @ w[0], 0) @ w[1] for row in x])
    assert np.abs(rows - ffn(x, w)).max() < 1e-12 * n * D, "FFN of all rows differs from FFN of each"
    share = ffn_layer(512, 2048) / encoder_layer(512, 2048)
    assert abs(share - 2 / 3) < 0.002, f"the FFN has {share:.3f} of a layer's weights"
