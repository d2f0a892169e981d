"""The encoder block of the original Transformer, with the shapes that go through it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.text import Text
from models.encoder import block, random_weights

from deckgen.figures import figure, part
from deckgen.figures.style import BLUE, GREEN, MUTED, ORANGE, TICK, WIDTH

HEIGHT = 4.4
CENTRE, HALF, SIDE = 2.02, 0.93, 0.62  # inches: the column of boxes, half their width, the residual line
SHAPES = {
    "x": r"$n \times d$", "attention": r"$h \times n \times n$", "middle": r"$n \times d$",
    "hidden": r"$n \times 4d$", "output": r"$n \times d$",
}
SIZES = {"n": 5, "d": 12, "4d": 48, "h": 3}  # of the model in the check


@figure(
    alt="Transformer 编码器块（post-norm），自下而上：输入 n×d，多头自注意力（权重 h×n×n），残差相加与 LayerNorm，"
    "FFN（隐层 n×4d），再一次残差相加与 LayerNorm，输出仍是 n×d；整块重复 N 次。"
)
def encoder_block() -> Figure:
    """Boxes from the input at the bottom to the output at the top; both residual lines run on the left.

    Source: Attention Is All You Need, arXiv 1706.03762, section 3.1 and figure 1.
    """
    drawing = Figure(figsize=(WIDTH, HEIGHT))
    axes = drawing.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, HEIGHT))  # one unit is one inch
    axes.set_axis_off()
    frame(axes, 0.5, 3.88)
    flow(axes)
    part(box(axes, 0.98, 1.52, "多头自注意力", BLUE), "多头自注意力")
    part(box(axes, 1.8, 2.1, "Add & LayerNorm", GREEN), "第一个 Add & LayerNorm", group="Add & LayerNorm")
    part(box(axes, 2.55, 3.05, "FFN（逐位置）", ORANGE), "FFN")
    part(box(axes, 3.33, 3.63, "Add & LayerNorm", GREEN), "第二个 Add & LayerNorm", group="Add & LayerNorm")
    part(residual(axes, 0.72, 1.95), "第一条残差", group="残差连接")
    part(residual(axes, 2.27, 3.48), "第二条残差", group="残差连接")
    part(beside(axes, 1.25, "权重", SHAPES["attention"]), "注意力权重的形状")
    part(beside(axes, 2.8, "隐层", SHAPES["hidden"]), "FFN 隐层的形状")
    for y, name, key in ((0.3, "输入", "x"), (2.38, "中间", "middle"), (4.08, "输出", "output")):
        part(on_the_line(axes, y, SHAPES[key]), f"{name}的形状", group="输入与输出的形状")
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


def residual(axes: Axes, start: float, end: float) -> Text:
    """From below a box into the sum above it, past the box."""
    arrow(axes, [(CENTRE, start), (SIDE, start), (SIDE, end), (CENTRE - HALF, end)])
    return axes.text(SIDE - 0.18, (start + end) / 2, "残差", ha="center", va="center", rotation=90, fontsize=TICK)


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
def _() -> None:
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
