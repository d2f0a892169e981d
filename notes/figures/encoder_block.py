"""The encoder block of the original Transformer, with the shapes that go through it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.text import Text
from models.encoder import block, random_weights
from models.languages import in_language

from deckgen.figures import figure, part
from deckgen.figures.style import BLUE, GREEN, MUTED, ORANGE, TICK, WIDTH

HEIGHT = 4.4
CENTRE, HALF, SIDE = 2.02, 0.93, 0.62  # inches: the column of boxes, half their width, the residual line
SHAPES = {
    "x": r"$n \times d$", "attention": r"$h \times n \times n$", "middle": r"$n \times d$",
    "hidden": r"$n \times 4d$", "output": r"$n \times d$",
}
SIZES = {"n": 5, "d": 12, "4d": 48, "h": 3}  # of the model in the check
LABELS = {
    "zh": {
        "attention": "多头自注意力", "ffn": "FFN（逐位置）", "residual": "残差", "weights": "权重", "hidden": "隐层",
        "first norm": "第一个 Add & LayerNorm", "second norm": "第二个 Add & LayerNorm",
        "first residual": "第一条残差", "second residual": "第二条残差", "residuals": "残差连接",
        "attention shape": "注意力权重的形状", "hidden shape": "FFN 隐层的形状", "shapes": "输入与输出的形状",
        "x": "输入的形状", "middle": "中间的形状", "output": "输出的形状",
    },
    "en": {
        "attention": "Multi-head\nself-attention", "ffn": "FFN (per position)", "residual": "residual", "weights": "weights",
        "hidden": "hidden",
        "first norm": "first Add & LayerNorm", "second norm": "second Add & LayerNorm",
        "first residual": "first residual", "second residual": "second residual", "residuals": "residual connections",
        "attention shape": "shape of the attention weights", "hidden shape": "shape of the FFN's hidden layer",
        "shapes": "shape of input and output",
        "x": "shape of the input", "middle": "shape in the middle", "output": "shape of the output",
    },
}


@figure(
    alt="Transformer 编码器块（post-norm），自下而上：输入 n×d，多头自注意力（权重 h×n×n），残差相加与 LayerNorm，"
    "FFN（隐层 n×4d），再一次残差相加与 LayerNorm，输出仍是 n×d；整块重复 N 次。"
)
def encoder_block(lang: str = "zh") -> Figure:
    """Boxes from the input at the bottom to the output at the top; both residual lines run on the left.

    Source: Attention Is All You Need, arXiv 1706.03762, section 3.1 and figure 1.
    """
    labels = in_language(LABELS, lang)
    drawing = Figure(figsize=(WIDTH, HEIGHT))
    axes = drawing.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, HEIGHT))  # one unit is one inch
    axes.set_axis_off()
    frame(axes, 0.5, 3.88)
    flow(axes)
    part(box(axes, 0.98, 1.52, labels["attention"], BLUE), labels["attention"].replace("\n", " "))
    part(box(axes, 1.8, 2.1, "Add & LayerNorm", GREEN), labels["first norm"], group="Add & LayerNorm")
    part(box(axes, 2.55, 3.05, labels["ffn"], ORANGE), "FFN")
    part(box(axes, 3.33, 3.63, "Add & LayerNorm", GREEN), labels["second norm"], group="Add & LayerNorm")
    part(residual(axes, 0.72, 1.95, labels["residual"]), labels["first residual"], group=labels["residuals"])
    part(residual(axes, 2.27, 3.48, labels["residual"]), labels["second residual"], group=labels["residuals"])
    part(beside(axes, 1.25, labels["weights"], SHAPES["attention"]), labels["attention shape"])
    part(beside(axes, 2.8, labels["hidden"], SHAPES["hidden"]), labels["hidden shape"])
    for y, key in ((0.3, "x"), (2.38, "middle"), (4.08, "output")):
        part(on_the_line(axes, y, SHAPES[key]), labels[key], group=labels["shapes"])
    return drawing


def frame(axes: Axes, bottom: float, top: float) -> None:
    """What is repeated N times."""
    dashed = {"linestyle": (0, (4, 3)), "edgecolor": MUTED, "facecolor": "none", "linewidth": 1}
    axes.add_patch(Rectangle((0.15, bottom), WIDTH - 0.3, top - bottom, **dashed))
    axes.text(WIDTH - 0.28, top - 0.1, r"$\times N$", ha="right", va="top")


def flow(axes: Axes) -> None:
    """The line from the input through all boxes to the output."""
    for start, end in ((0.15, 0.98), (1.52, 1.8), (2.1, 2.55), (3.05, 3.33), (3.63, 4.3)):
        arrow(axes, [(CENTRE, start), (CENTRE, end)])


def box(axes: Axes, bottom: float, top: float, label: str, colour: str) -> tuple[FancyBboxPatch, Text]:
    rounded = FancyBboxPatch(
        (CENTRE - HALF, bottom), 2 * HALF, top - bottom, boxstyle="round,pad=0,rounding_size=0.07",
        facecolor=f"{colour}22", edgecolor=colour, linewidth=1.4,
    )
    middle = (bottom + top) / 2
    return axes.add_patch(rounded), axes.text(CENTRE, middle, label, ha="center", va="center_baseline", weight="bold")


def residual(axes: Axes, start: float, end: float, label: str) -> Text:
    """From below a box into the sum above it, past the box."""
    arrow(axes, [(CENTRE, start), (SIDE, start), (SIDE, end), (CENTRE - HALF, end)])
    return axes.text(SIDE - 0.18, (start + end) / 2, label, ha="center", va="center", rotation=90, fontsize=TICK)


def arrow(axes: Axes, points: list[tuple[float, float]]) -> None:
    style = {"color": MUTED, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
    axes.plot(*zip(*points[:-1], strict=True), color=MUTED, linewidth=1.3, solid_joinstyle="miter")
    axes.annotate("", points[-1], points[-2], arrowprops={"arrowstyle": "-|>", "mutation_scale": 9, **style})


def beside(axes: Axes, y: float, name: str, shape: str) -> Text:
    """What has the shape, and the shape below it: the text that is returned."""
    left = CENTRE + HALF + 0.1
    axes.text(left, y + 0.1, name, va="center", fontsize=TICK)
    return axes.text(left, y - 0.1, shape, va="center", fontsize=TICK)


def on_the_line(axes: Axes, y: float, label: str) -> Text:
    return axes.text(CENTRE + 0.12, y, label, va="center", fontsize=TICK)


@encoder_block.check
def _(lang: str) -> None:
    weights = random_weights(SIZES["d"], SIZES["h"], seed=1706)
    x = np.random.default_rng(3).normal(size=(SIZES["n"], SIZES["d"]))
    trace = block(x, weights)
    for name, label in SHAPES.items():
        shown = tuple(SIZES[size] for size in label.strip("$").split(r" \times "))
        assert getattr(trace, name).shape == shown, f"{name} has the shape {getattr(trace, name).shape}, not {label}"

    error = np.abs(trace.attention.sum(axis=-1) - 1).max()
    assert error < 1e-12, f"the attention weights of a query sum to 1 ± {error:.1e}"
    for name in ("middle", "output"):
        rows = getattr(trace, name)
        mean, variance = np.abs(rows.mean(axis=1)).max(), rows.var(axis=1)
        assert mean < 1e-12, f"a row of {name} has mean {mean:.3f}, not 0"
        assert np.allclose(variance, 1), f"a row of {name} has variance {variance.max():.3f}, not 1"

    order = np.random.default_rng(4).permutation(SIZES["n"])
    error = np.abs(block(x[order], weights).output - trace.output[order]).max()
    assert error < 1e-12, f"permuted rows give an output that differs by {error:.1e}"
