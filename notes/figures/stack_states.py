"""Layers with random weights, with and without residual connections: do the rows stay different, is position still there?"""

import numpy as np
from matplotlib.figure import Figure
from models.block import Stack, difference
from models.languages import in_language
from models.positions import sinusoidal

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, ORANGE, canvas

LABELS = {
    "zh": {
        "pre": "有残差", "none": "无残差", "apart": "各行的差别", "title": "随机初始化、未训练的层",
        "chance": "瞎猜", "x": "第几层之后", "read": "读出位置的正确率",
    },
    "en": {
        "pre": "with residuals", "none": "without", "apart": "difference of rows", "title": "Random weights, untrained",
        "chance": "chance", "x": "after layer", "read": "position accuracy",
    },
}
D, HEADS, N, SENTENCES, SEED = 64, 4, 24, 60, 1808


def inputs(sentences: int, seed: int) -> np.ndarray:
    """Sentences of random words from a vocabulary of 50, positions added. Shape (sentences, N, D)."""
    words = np.random.default_rng(SEED).standard_normal((50, D))
    chosen = np.random.default_rng(seed).integers(50, size=(sentences, N))
    return words[chosen] + sinusoidal(N, D)


def states(layers: int, placement: str, seed: int) -> np.ndarray:
    """All states of all sentences. Shape (sentences, layers + 1, N, D)."""
    stack = Stack(layers, D, HEADS, placement, SEED)
    return np.array([stack.run(x) for x in inputs(SENTENCES, seed)])


def readable(train: np.ndarray, test: np.ndarray) -> float:
    """Share of words in `test` whose position a linear classifier fitted on `train` tells. Shapes (sentences, N, D)."""
    answers = np.tile(np.eye(N), (len(train), 1))
    a, b = (np.concatenate([each.reshape(-1, D), np.ones((each.size // D, 1))], axis=1) for each in (train, test))
    fitted = np.linalg.solve(a.T @ a + 1e-3 * len(a) * np.eye(D + 1), a.T @ answers)
    return float(((b @ fitted).argmax(axis=1) == np.tile(np.arange(N), len(test))).mean())


def curves(layers: int) -> dict[str, tuple[list[float], list[float]]]:
    """For each placement: how different the rows are, and how often their position is told, after each layer."""
    found = {}
    for placement in ("pre", "none"):
        train, test = states(layers, placement, 1), states(layers, placement, 2)
        apart = [float(np.mean([difference(x) for x in test[:, layer]])) for layer in range(layers + 1)]
        found[placement] = apart, [readable(train[:, layer], test[:, layer]) for layer in range(layers + 1)]
    return found


@figure(
    alt="随机权重的层。上：没有残差时，各行的差别几层内降到 0，有残差时缓慢下降。"
    "下：用线性分类器从各层读出位置的正确率，有残差时仍高，没有残差时降到瞎猜。"
)
def stack_states(layers: int = 8, lang: str = "zh") -> Figure:
    """Both quantities against depth, with residual connections (pre-norm) and without."""
    labels = in_language(LABELS, lang)
    found = curves(layers)
    drawing = canvas(4.2)
    top, bottom = drawing.subplots(2, 1, sharex=True)
    for placement, style, color in (("pre", "o-", BLUE), ("none", "s--", ORANGE)):
        for axes, values in zip((top, bottom), found[placement], strict=True):
            axes.plot(values, style, color=color, label=labels[placement])
    top.set(ylabel=labels["apart"], ylim=(-0.03, 1.05), title=labels["title"])
    bottom.axhline(1 / N, color=MUTED, linewidth=1)
    bottom.text(layers, 1 / N + 0.04, labels["chance"], ha="right", va="bottom")
    bottom.set(xlabel=labels["x"], ylabel=labels["read"], ylim=(-0.03, 1.05))
    top.legend(loc="center right", bbox_to_anchor=(1, 0.3))
    for axes in (top, bottom):
        axes.grid(axis="y")
    drawing.align_ylabels()
    return drawing


@stack_states.check
def _(layers: int, lang: str) -> None:
    found = curves(layers)
    apart, told = found["none"]
    # Pure averaging pulls rows together: without residuals nothing else is left to read.
    assert apart[-1] < 1e-3 and told[-1] < 3 / N, f"without residuals: difference {apart[-1]:.1e}, accuracy {told[-1]:.2f}"
    kept, told = found["pre"]
    assert kept[-1] > 0.2 and told[-1] > 0.3, f"with residuals: difference {kept[-1]:.2f}, accuracy {told[-1]:.2f}"
    # With residuals the last state is the input plus what the sublayers added, and the input can be taken out again.
    stack, added = Stack(layers, D, HEADS, "pre", SEED), []
    plain = stack.add

    def recorded(x: np.ndarray, sublayer) -> np.ndarray:
        y = plain(x, sublayer)
        added.append(y - x)
        return y

    stack.add = recorded
    x = inputs(1, 3)[0]
    error = np.abs(stack.run(x)[-1] - sum(added) - x).max()
    assert error < 1e-10, f"input plus additions differs from the output by {error:.1e}"
    # Words without positions, in another order, give the same rows in that order: nothing else brings order in.
    words, order = x - sinusoidal(N, D), np.random.default_rng(SEED).permutation(N)
    error = np.abs(Stack(layers, D, HEADS, "pre", SEED).run(words[order])[-1] - Stack(layers, D, HEADS, "pre", SEED).run(words)[-1][order])
    assert error.max() < 1e-9, f"the stack is not permutation equivariant: {error.max():.1e}"
