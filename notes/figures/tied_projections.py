"""Scores with one projection for queries and keys, and with two."""

import numpy as np
from matplotlib.figure import Figure
from models.heads import tied_and_untied
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import DIVERGING, TEXT, canvas

SEED = 1706
LABELS = {
    "zh": {"tied": "$W^K = W^Q$：对称", "untied": "$W^K$ 另设：不对称", "x": "键 $j$", "y": "查询 $i$", "bar": "打分 $s_{ij}$"},
    "en": {"tied": "$W^K = W^Q$: symmetric", "untied": "own $W^K$: asymmetric", "x": "key $j$", "y": "query $i$", "bar": "score $s_{ij}$"},
}


@figure(
    alt="两张打分矩阵的热图。左：Q、K 共用投影，矩阵沿对角线对称，对角线最大。右：分开投影，没有对称，对角线也不突出。"
)
def tied_projections(n: int = 16, d: int = 64, d_k: int = 16, lang: str = "zh") -> Figure:
    """q·k/√d_k of one random input under tied and separate projections."""
    labels = in_language(LABELS, lang)
    matrices = tied_and_untied(n, d, d_k, np.random.default_rng(SEED))
    drawing = canvas(3.0)
    limit = max(np.abs(each).max() for each in matrices)
    panels = drawing.subplots(1, 2)
    for axes, matrix, title in zip(panels, matrices, (labels["tied"], labels["untied"]), strict=True):
        image = axes.imshow(matrix, cmap=DIVERGING, vmin=-limit, vmax=limit)
        axes.set_title(title, fontsize=TEXT)
        axes.set(xlabel=labels["x"], xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    panels[0].set_ylabel(labels["y"])
    bar = drawing.colorbar(image, ax=panels, orientation="horizontal", fraction=0.06, pad=0.03, label=labels["bar"])
    bar.outline.set_visible(False)
    return drawing


@tied_projections.check
def _(n: int, d: int, d_k: int, lang: str) -> None:
    tied, untied = tied_and_untied(n, d, d_k, np.random.default_rng(SEED))
    scale = np.abs(tied).max()
    assert np.abs(tied - tied.T).max() < 1e-12 * scale, "tied scores are not symmetric"
    assert np.abs(untied - untied.T).max() > 0.1 * scale, "untied scores are symmetric"
    lowest = np.linalg.eigvalsh(tied).min()
    assert lowest > -1e-12 * n * scale, f"tied scores have the eigenvalue {lowest:.2e}"
    mixed = np.linalg.eigvalsh((untied + untied.T) / 2).min()
    assert mixed < -0.01 * scale, f"untied scores look positive semidefinite: {mixed:.2e}"
    bound = np.sqrt(np.outer(np.diag(tied), np.diag(tied)))
    assert (tied <= bound + 1e-12 * scale).all(), "s_ij exceeds √(s_ii s_jj)"
