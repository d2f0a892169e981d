"""What Muon's Newton–Schulz steps do to singular values."""

import numpy as np
from matplotlib.figure import Figure
from models import muon
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, INK, ORANGE, SMALL, canvas

SMALLEST = 0.005

LABELS = {
    "zh": {"steps": "{} 步", "none": "原来", "before": "迭代前的奇异值", "after": "迭代后的奇异值", "title": "{} 步之后，各方向的步长相近"},
    "en": {
        "steps": "{} steps",
        "none": "original",
        "before": "singular value before",
        "after": "singular value after",
        "title": "After {} steps, all directions are about equal",
    },
}


@figure(
    alt="横轴为动量的奇异值（对数，除以范数之后），纵轴为迭代之后的奇异值。不迭代是原值；2 步之后大的奇异值先到 1 附近；"
    "5 步之后，从 0.005 到 1 的奇异值都落在 0.68 到 1.16 之间。"
)
def muon_spectrum(steps: int = 5, lang: str = "zh") -> Figure:
    """Singular values after 0, 2 and `steps` iterations, against before.

    Source: Jordan et al. 2024, Muon.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    s = np.geomspace(SMALLEST / 5, 1, 400)
    for count, color, line, place in ((0, GREEN, ":", (0.5, 0.2)), (2, ORANGE, "--", (0.013, 0.34)), (steps, BLUE, "-", (0.0037, 1.27))):
        axes.semilogx(s, muon.scalar(s, count), line, color=color)
        axes.text(*place, labels["steps"].format(count) if count else labels["none"], color=color, ha="center", va="center")
    axes.axhline(1, color=INK, linewidth=0.8)
    axes.set(xlabel=labels["before"], ylabel=labels["after"], ylim=(0, 1.4), xlim=(s[0], 1), yticks=[0, 0.5, 1])
    axes.set_xticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"], fontsize=SMALL + 1)
    axes.minorticks_off()
    axes.grid(axis="y")
    axes.set_title(labels["title"].format(steps))
    return drawing


@muon_spectrum.check
def _(steps: int, lang: str) -> None:
    values = muon.scalar(np.geomspace(SMALLEST, 1, 20001), steps)
    assert 0.68 < values.min() and values.max() < 1.16, f"values from {values.min():.3f} to {values.max():.3f}"
    # Matrix products alone, against the singular values of the result and the vectors of the momentum.
    random = np.random.default_rng(2024)
    for shape in ((6, 6), (5, 9)):
        momentum = random.standard_normal(shape)
        u, s, v = np.linalg.svd(momentum, full_matrices=False)
        expected = u @ np.diag(muon.scalar(s / np.linalg.norm(s), steps)) @ v
        error = np.abs(muon.orthogonalized(momentum, steps) - expected).max()
        assert error < 1e-9, f"off by {error:.1e}"
