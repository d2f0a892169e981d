"""A scale that is a power of two wastes part of the grid; how much depends on where the block's largest number falls."""

import numpy as np
from matplotlib.figure import Figure
from models import microscaling
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

BLOCKS = 4000

LABELS = {
    "zh": {
        "x": "一块里最大的数",
        "y": "相对误差（%）",
        "title": "scale 只能取 2 的幂的代价",
    },
    "en": {
        "x": "largest number in the block",
        "y": "relative error (%)",
        "title": "The cost of power-of-two scales",
    },
}


def errors(largest: np.ndarray) -> dict[str, np.ndarray]:
    """Relative root mean square error of blocks whose largest entry is given; the other entries are uniform below it."""
    out: dict[str, list[float]] = {"MXFP4": [], "NVFP4": []}
    for top in largest:
        for name, function, block in (("MXFP4", microscaling.mxfp4, 32), ("NVFP4", microscaling.nvfp4, 16)):
            x = np.random.default_rng(2509).uniform(-1, 1, (BLOCKS, block))
            x[:, 0] = 1
            # A larger number elsewhere in the tensor, so that no block decides the scale of all.
            x = np.vstack([top * x, np.full((1, block), 100.0)])
            out[name].append(float(np.sqrt(((x - function(x))[:-1] ** 2).mean() / (x[:-1] ** 2).mean())))
    return {name: np.array(values) for name, values in out.items()}


@figure(
    alt="横轴为一块里的最大数，从 4 到 16；纵轴为相对误差。MXFP4 的误差每过一个 2 的幂就重来一遍，"
    "最大数略小于 8 或 16 时因截断而最大；NVFP4 的误差几乎不变。"
)
def fp4_blocks(lang: str = "zh") -> Figure:
    """Error against the block's largest number.

    Source: Rouhani et al., arXiv 2310.10537; NVIDIA, arXiv 2509.25149.
    """
    labels = in_language(LABELS, lang)
    largest = np.linspace(4, 15.98, 97)
    drawing = canvas(2.9)
    axes = drawing.subplots()
    found = errors(largest)
    axes.plot(largest, 100 * found["MXFP4"], "--", color=ORANGE)
    axes.plot(largest, 100 * found["NVFP4"], color=BLUE)
    axes.text(10.6, 14.2, "MXFP4", color=ORANGE, ha="center", va="center")
    axes.text(11, 7.9, "NVFP4", color=BLUE, ha="center", va="center")
    axes.set(xlabel=labels["x"], ylabel=labels["y"], xlim=(4, 16), ylim=(0, 18), xticks=[4, 6, 8, 12, 16], yticks=[0, 5, 10, 15])
    axes.grid(axis="y")
    axes.set_title(labels["title"])
    return drawing


@fp4_blocks.check
def _(lang: str) -> None:
    # Scales by trying all of them: E8M0's rule is floor(log2 max) − 2, and E4M3's values are those of the 8-bit float.
    random = np.random.default_rng(2310)
    x = random.standard_normal((50, 32))
    restored = microscaling.mxfp4(x)
    for row, back in zip(x, restored, strict=True):
        power = max(n for n in range(-40, 40) if 4 * 2.0**n <= np.abs(row).max())
        levels = 2.0**power * np.concatenate([-microscaling.E2M1, microscaling.E2M1])
        best = levels[np.abs(row[:, None] - levels).argmin(axis=1)]
        assert np.abs(np.abs(row - back) - np.abs(row - best)).max() < 1e-12, f"{row} is not restored to the nearest levels"
    values = sorted({m / 8 * 2.0**-6 for m in range(8)} | {(1 + m / 8) * 2.0**e for e in range(-6, 9) for m in range(8)} - {480.0})
    drawn = random.uniform(0, 448, 300)
    nearest = [min(values, key=lambda value: abs(value - x)) for x in drawn]
    assert np.allclose(microscaling.e4m3(drawn), nearest), "E4M3 is not rounded to the nearest value"
    # One period: twice the numbers, the same relative error.
    a, b = errors(np.array([5.0, 7.5])), errors(np.array([10.0, 15.0]))
    assert np.allclose(a["MXFP4"], b["MXFP4"]), "the error does not repeat"
    assert a["MXFP4"][1] > 1.3 * a["NVFP4"][1], f"near a power of two: {a['MXFP4'][1]:.3f} and {a['NVFP4'][1]:.3f}"
