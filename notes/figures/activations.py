"""ReLU, GELU and SiLU."""

import numpy as np
from matplotlib.figure import Figure
from models.block import gelu, relu, silu
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, canvas

LABELS = {
    "zh": {"title": "三种激活函数", "silu": "SiLU（Swish）"},
    "en": {"title": "Three activation functions", "silu": "SiLU (Swish)"},
}


@figure(alt="三条激活函数曲线：ReLU 在负半轴为 0；GELU 和 SiLU 光滑，负半轴略低于 0 后回到 0，GELU 的谷浅一些。")
def activations(limit: float = 4.0, lang: str = "zh") -> Figure:
    """The three functions from −limit to limit."""
    labels = in_language(LABELS, lang)
    x = np.linspace(-limit, limit, 401)
    drawing = canvas(2.9)
    axes = drawing.subplots()
    for function, style, color, name in ((relu, ":", GREEN, "ReLU"), (gelu, "-", BLUE, "GELU"), (silu, "--", ORANGE, labels["silu"])):
        axes.plot(x, function(x), style, color=color, label=name)
    axes.set(xlabel="$x$", ylim=(-0.45, 2.2), xlim=(-limit, 2.4), title=labels["title"])
    axes.grid(axis="y")
    axes.legend(loc="upper left")
    return drawing


@activations.check
def _(limit: float, lang: str) -> None:
    x = np.linspace(-limit, limit, 41)
    # Φ by integrating the density, σ by its definition.
    grid = np.linspace(-12, limit, 200_001)
    density = np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi)
    steps = (density[1:] + density[:-1]) / 2 * np.diff(grid)
    below = np.interp(x, grid, np.concatenate([[0], np.cumsum(steps)]))
    error = np.abs(gelu(x) - x * below).max()
    assert error < 1e-7, f"GELU differs from x·P(N ≤ x) by {error:.1e}"
    error = np.abs(silu(x) - x / (1 + np.exp(-x))).max()
    assert error < 1e-12, f"SiLU differs from x/(1 + e^−x) by {error:.1e}"
    for function in (relu, gelu, silu):
        error = np.abs(function(x) - function(-x) - x).max()
        assert error < 1e-12, f"{function.__name__}(x) − {function.__name__}(−x) is off x by {error:.1e}"
