"""What LoRA trains, and that its start is the pretrained model."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from models import lora
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GRID, INK, MUTED, ORANGE, SMALL, TEXT, canvas

RANKS = 2 ** np.arange(0, 8)

LABELS = {
    "zh": {
        "frozen": "$W$\n冻结",
        "zero": "初始为 0",
        "random": "初始随机",
        "columns": "$r$ 列",
        "rows": "$r$ 行",
        "x": "秩 $r$",
        "y": "可训练参数 / 原矩阵",
        "title": "{} × {} 的矩阵",
    },
    "en": {
        "frozen": "$W$\nfrozen",
        "zero": "starts at 0",
        "random": "starts random",
        "columns": "$r$ columns",
        "rows": "$r$ rows",
        "x": "rank $r$",
        "y": "trainable / original",
        "title": "A {} × {} matrix",
    },
}


@figure(
    alt="上：冻结的方阵 W 加上两个瘦长矩阵 B 与 A 的乘积，B 初始为 0，A 随机。"
    "下：可训练参数占原矩阵的比例随秩 r 线性增长，4096 见方时 r 等于 8 为 0.39%，r 等于 64 为 3.1%。"
)
def lora_rank(d: int = 4096, lang: str = "zh") -> Figure:
    """W + BA, and the share of parameters 2r/d against r.

    Source: Hu et al., arXiv 2106.09685, section 4.1.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.9)
    top, bottom = drawing.subplots(2, 1, height_ratios=[1, 1.15])
    blocks(top, labels)
    share = [100 * lora.parameters(d, d, int(rank)) / d**2 for rank in RANKS]
    bottom.loglog(RANKS, share, "o-", color=BLUE)
    for rank in (8, 64):
        value = 100 * lora.parameters(d, d, rank) / d**2
        bottom.annotate(f"{value:.2g}%", (rank, value), (4, -15), textcoords="offset points", color=BLUE)
    bottom.set_xticks(RANKS, [str(rank) for rank in RANKS])
    bottom.set_yticks([0.1, 1, 10], ["0.1%", "1%", "10%"])
    bottom.minorticks_off()
    bottom.grid(axis="y")
    bottom.set(xlabel=labels["x"], ylabel=labels["y"], ylim=(0.03, 12))
    bottom.set_title(labels["title"].format(d, d))
    return drawing


def blocks(axes: Axes, labels: dict[str, str]) -> None:
    """The shapes side by side, drawn to one scale except for r."""
    side, thin = 2.0, 0.42
    style = {"linewidth": 1.5}
    axes.add_patch(Rectangle((0, 0), side, side, facecolor=GRID, edgecolor=MUTED, alpha=0.45, **style))
    axes.text(side / 2, side / 2, labels["frozen"], ha="center", va="center", fontsize=TEXT)
    axes.text(side + 0.38, side / 2, "+", ha="center", va="center", fontsize=TEXT, color=INK)
    left = side + 0.9
    axes.add_patch(Rectangle((left, 0), thin, side, facecolor="none", edgecolor=BLUE, **style))
    axes.text(left + thin / 2, side / 2, "$B$", ha="center", va="center", color=BLUE)
    axes.text(left + thin / 2, -0.1, labels["zero"], ha="center", va="top", fontsize=SMALL, color=BLUE)
    right = left + thin + 0.45
    axes.add_patch(Rectangle((right, (side - thin) / 2), side, thin, facecolor="none", edgecolor=ORANGE, **style))
    axes.text(right + side / 2, side / 2, "$A$", ha="center", va="center", color=ORANGE)
    axes.text(right + side / 2, (side - thin) / 2 - 0.1, labels["random"], ha="center", va="top", fontsize=SMALL, color=ORANGE)
    axes.text(left + thin / 2, side + 0.07, labels["columns"], ha="center", va="bottom", fontsize=SMALL, color=BLUE)
    axes.text(right + side + 0.1, side / 2, labels["rows"], ha="left", va="center", fontsize=SMALL, color=ORANGE)
    axes.set(xlim=(-0.1, right + side + 0.75), ylim=(-0.5, side + 0.4), aspect="equal")
    axes.axis("off")


@lora_rank.check
def _(d: int, lang: str) -> None:
    random = np.random.default_rng(2106)
    n, out, rank, scale = 6, 5, 2, 2.0
    w, x, target = random.standard_normal((out, 7)), random.standard_normal((7, n)), random.standard_normal((out, n))
    b, a = lora.pair(out, 7, rank, random)
    assert not (b @ a).any(), "BA is not zero at the start: the model is not the pretrained one"

    def value(a: np.ndarray, b: np.ndarray) -> float:
        return 0.5 * (((w + scale * b @ a) @ x - target) ** 2).sum()

    # Gradients against finite differences, at the start and after one step.
    for step in range(2):
        grad_a, grad_b = lora.gradients((w + scale * b @ a) @ x - target, x, a, b, scale)
        for matrix, grad in ((a, grad_a), (b, grad_b)):
            for i in np.ndindex(matrix.shape):
                old, h = matrix[i], 1e-5
                matrix[i] = old + h
                up = value(a, b)
                matrix[i] = old - h
                down = value(a, b)
                matrix[i] = old
                assert abs((up - down) / (2 * h) - grad[i]) < 1e-4 * max(1, abs(grad[i])), f"gradient at {i}, step {step}"
        if step == 0:
            assert not grad_a.any() and grad_b.any(), "with B = 0 only B should move in the first step"
        a, b = a - 0.01 * grad_a, b - 0.01 * grad_b
    assert np.linalg.matrix_rank(b @ a) <= rank

    # Merged, the adapted matrix gives the same output as the two paths.
    error = np.abs((w + scale * b @ a) @ x - (w @ x + scale * (b @ (a @ x)))).max()
    assert error < 1e-12, f"merging changes the output by {error:.1e}"
    # Counted as entries of the two matrices.
    assert lora.parameters(out, 7, rank) == a.size + b.size
    assert abs(lora.parameters(d, d, 8) / d**2 - 16 / d) < 1e-15
