"""Turn the end of one sentence into PAD: what LayerNorm and BatchNorm make of the other sentence."""

import numpy as np
from matplotlib.figure import Figure
from models.block import batch_norm, layer_norm
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import SEQUENTIAL, SMALL, TEXT, TICK, canvas

LABELS = {
    "zh": {"largest": "：最大 ", "x": "特征", "y": "第 1 句的 token", "bar": "第 1 句输出的变化（改的是第 2 句）"},
    "en": {
        "largest": ": max ", "x": "features", "y": "tokens, sentence 1",
        "bar": "change of sentence 1's output (sentence 2 changed)",
    },
}
WORDS, FEATURES, CUT, SEED = 6, 8, 2, 0


def batches() -> tuple[np.ndarray, np.ndarray]:
    """Two sentences; and the same with zeros for the last four words of the second. Shapes (2, 6, 8)."""
    x = np.random.default_rng(SEED).standard_normal((2, WORDS, FEATURES))
    padded = x.copy()
    padded[1, CUT:] = 0
    return x, padded


@figure(alt="第 2 句后 4 个 token 换成 PAD 后，第 1 句输出的变化：LayerNorm 全为 0，BatchNorm 每个 token 的每个特征都变了。")
def norms_leak(lang: str = "zh") -> Figure:
    """|change| of the first sentence's normalised values, words down and features across."""
    labels = in_language(LABELS, lang)
    x, padded = batches()
    drawing = canvas(2.7)
    panels = drawing.subplots(1, 2)
    for axes, norm, name in zip(panels, (layer_norm, batch_norm), ("LayerNorm", "BatchNorm"), strict=True):
        change = np.abs(norm(padded)[0] - norm(x)[0])
        image = axes.imshow(change, cmap=SEQUENTIAL, vmin=0, vmax=1)
        axes.set_title(f"{name}{labels['largest']}{change.max():.2g}", fontsize=TEXT)
        axes.set(xticks=[], yticks=[])
        axes.set_xlabel(labels["x"], fontsize=TICK)
    panels[0].set_ylabel(labels["y"], fontsize=TICK)
    bar = drawing.colorbar(image, ax=panels, orientation="horizontal", fraction=0.06, pad=0.04, ticks=[0, 0.5, 1])
    bar.set_label(labels["bar"], fontsize=SMALL)
    return drawing


@norms_leak.check
def _(lang: str) -> None:
    x, padded = batches()
    for each in (x, padded):
        rows, columns = layer_norm(each), batch_norm(each)
        error = max(np.abs(rows.mean(axis=-1)).max(), np.abs(columns.mean(axis=(0, 1))).max())
        assert error < 1e-12, f"a mean is {error:.1e}, not 0"
    assert np.abs(layer_norm(x).var(axis=-1) - 1).max() < 1e-3, "LayerNorm leaves a variance that is not 1"
    assert (layer_norm(padded)[0] == layer_norm(x)[0]).all(), "LayerNorm leaks from sentence 2 to sentence 1"
    leak = np.abs(batch_norm(padded)[0] - batch_norm(x)[0])
    # By hand: means and variances over the twelve words, one feature at a time, eight zeros among them or not.
    for feature in range(FEATURES):
        values = [[float(word[feature]) for sentence in each for word in sentence] for each in (x, padded)]
        means = [sum(each) / len(each) for each in values]
        spreads = [(sum((v - m) ** 2 for v in each) / len(each) + 1e-5) ** 0.5 for each, m in zip(values, means, strict=True)]
        for i in range(WORDS):
            v = float(x[0, i, feature])
            expected = abs((v - means[1]) / spreads[1] - (v - means[0]) / spreads[0])
            assert abs(leak[i, feature] - expected) < 1e-12, f"leak at word {i}, feature {feature} is off"
    assert leak.max() > 0.5, f"BatchNorm leaks only {leak.max():.2f}"
