"""Noise against bits: six decibels a bit; and one outlier column spoils a shared scale."""

import numpy as np
from matplotlib.figure import Figure
from models import quantization
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, SMALL, canvas

BITS = np.arange(3, 11)
ROWS, COLUMNS, OUTLIER = 512, 64, 60.0

LABELS = {
    "zh": {
        "per_column": "有离群列，每列一个 scale",
        "clean": "无离群列，整个张量一个 scale",
        "shared": "有离群列，整个张量一个 scale",
        "x": "位数",
        "y": "普通列的信噪比（dB）",
        "title": "一列离群值放大 60 倍的代价",
    },
    "en": {
        "per_column": "outlier column, a scale per column",
        "clean": "no outlier, one scale for all",
        "shared": "outlier column, one scale for all",
        "x": "bits",
        "y": "SNR of ordinary columns (dB)",
        "title": "What one column 60× as large costs",
    },
}


def plain(x: np.ndarray, axis: int | None, bits: int) -> float:
    """Signal to noise in dB of the columns that are no outliers, when all of `x` is quantized."""
    y = quantization.restored(*quantization.absmax(x, bits, axis))
    others = np.arange(x.shape[1]) != x.shape[1] // 3
    return quantization.snr(x[:, others], y[:, others])


@figure(
    alt="普通列的信噪比（分贝）对位数的折线图。没有离群列时每多一位约升 6 分贝；一列放大 60 倍后共用一个 scale，"
    "6 位以下信噪比为 0，8 位时也只有约 6 分贝；每列一个 scale 则恢复到没有离群列时的水平以上。"
)
def quantization_error(lang: str = "zh") -> Figure:
    """Absmax quantization of a 512 × 64 Gaussian matrix, with and without a column 60 times as large.

    Source: Dettmers et al., arXiv 2208.07339, sections 2 and 3.
    """
    labels = in_language(LABELS, lang)
    clean = quantization.activations(ROWS, COLUMNS, 1.0)
    spoiled = quantization.activations(ROWS, COLUMNS, OUTLIER)
    drawing = canvas(3.4)
    axes = drawing.subplots()
    lines = (
        (spoiled, 0, GREEN, "^-.", labels["per_column"]),
        (clean, None, BLUE, "o-", labels["clean"]),
        (spoiled, None, ORANGE, "s--", labels["shared"]),
    )
    for x, axis, color, line, label in lines:
        axes.plot(BITS, [plain(x, axis, int(bits)) for bits in BITS], line, color=color, label=label)
    axes.legend(loc="upper left", fontsize=SMALL, borderaxespad=0)
    axes.set(xlabel=labels["x"], ylabel=labels["y"], ylim=(-3, 88), xticks=BITS, yticks=[0, 20, 40, 60])
    axes.grid(axis="y")
    axes.set_title(labels["title"])
    return drawing


@quantization_error.check
def _(lang: str) -> None:
    clean = quantization.activations(ROWS, COLUMNS, 1.0)
    spoiled = quantization.activations(ROWS, COLUMNS, OUTLIER)
    for x in (clean, spoiled):
        for bits in map(int, BITS):
            for axis in (None, 0):
                codes, scale = quantization.absmax(x, bits, axis)
                worst = (np.abs(quantization.restored(codes, scale) - x) / scale).max()
                assert worst <= 0.5 + 1e-9, f"{bits} bits: an error of {worst:.3f} steps, more than half a step"
                assert np.abs(codes).max() == 2 ** (bits - 1) - 1, f"{bits} bits: codes reach {np.abs(codes).max()}"
            assert plain(x, 0, bits) > plain(x, None, bits), f"{bits} bits: a scale for each column is no better"

    slope = np.polyfit(BITS, [plain(clean, None, int(bits)) for bits in BITS], 1)[0]
    assert abs(slope - 20 * np.log10(2)) < 0.4, f"{slope:.2f} dB a bit, not 6.02"
    # Where steps are small, the noise is uniform in a step: scale²/12.
    codes, scale = quantization.absmax(clean, 10)
    noise = ((quantization.restored(codes, scale) - clean) ** 2).mean()
    ratio = float(noise / (scale**2 / 12).item())
    assert abs(ratio - 1) < 0.05, f"the noise is {ratio:.3f} of scale²/12"

    # With a zero point: zero comes back as zero, and 0 … 255 fits a one-sided tensor twice as finely as ±127.
    positive = np.maximum(clean, 0)
    codes, step, zero = quantization.affine(positive, 8)
    assert quantization.restored(np.array([zero]), step, zero)[0] == 0
    assert step < 0.51 * quantization.absmax(positive, 8)[1].item()
