"""Why the soft loss is multiplied by T²."""

import numpy as np
from matplotlib.figure import Figure
from models import distillation
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

TEMPERATURES = np.geomspace(1, 32, 11)
CLASSES = 10

LABELS = {
    "zh": {
        "times": "乘 $T^2$ 之后",
        "x": "温度 $T$",
        "y": "梯度的范数",
        "title": "软目标的梯度随温度缩小",
    },
    "en": {
        "times": "times $T^2$",
        "x": "temperature $T$",
        "y": "norm of the gradient",
        "title": "Gradients of soft targets shrink as $T$ rises",
    },
}


def logits() -> tuple[np.ndarray, np.ndarray]:
    """Student and teacher, both of mean zero, as the approximation at high temperature assumes."""
    random = np.random.default_rng(1503)
    z, v = 2 * random.standard_normal((2, CLASSES))
    return z - z.mean(), v - v.mean()


@figure(
    alt="双对数图：软目标损失对学生 logits 的梯度大小随温度 T 下降，高温处斜率为负 2；乘以 T 的平方以后，曲线在高温处变平。"
)
def distillation_temperature(lang: str = "zh") -> Figure:
    """Norm of ∂C/∂z against T, and T² times it.

    Source: Hinton et al., arXiv 1503.02531, sections 2 and 2.1.
    """
    labels = in_language(LABELS, lang)
    z, v = logits()
    size = np.array([np.linalg.norm(distillation.gradient(z, v, t)) for t in TEMPERATURES])
    drawing = canvas(3.0)
    axes = drawing.subplots()
    axes.loglog(TEMPERATURES, size, "s--", color=ORANGE)
    axes.loglog(TEMPERATURES, TEMPERATURES**2 * size, "o-", color=BLUE)
    axes.text(TEMPERATURES[6], 8 * size[6], r"$\propto 1/T^2$", color=ORANGE, ha="left", va="top")
    axes.text(TEMPERATURES[6], 0.62 * (TEMPERATURES**2 * size)[6], labels["times"], color=BLUE, ha="left", va="top")
    axes.set_xticks([1, 2, 4, 8, 16, 32], ["1", "2", "4", "8", "16", "32"])
    axes.minorticks_off()
    axes.grid(axis="y")
    axes.set(xlabel=labels["x"], ylabel=labels["y"])
    axes.set_title(labels["title"])
    return drawing


@distillation_temperature.check
def _(lang: str) -> None:
    z, v = logits()

    def cost(z: np.ndarray, t: float) -> float:
        return float(-(distillation.softened(v, t) * np.log(distillation.softened(z, t))).sum())

    for t in (1.0, 4.0, 16.0):
        for i in range(CLASSES):
            h = 1e-4 * np.eye(CLASSES)[i]
            slope = (cost(z + h, t) - cost(z - h, t)) / 2e-4
            found = distillation.gradient(z, v, t)[i]
            assert abs(slope - found) < 1e-7, f"T = {t}, class {i}: {found:.6f}, by differences {slope:.6f}"
    # At high temperature the gradient is (z − v) / (N·T²): matching logits.
    t = 200.0
    error = np.abs(distillation.gradient(z, v, t) * CLASSES * t**2 - (z - v)).max()
    assert error < 0.1, f"at T = {t} the gradient is off (z − v)/(N·T²) by {error:.3f}"
    size = [np.linalg.norm(distillation.gradient(z, v, t)) for t in (16.0, 32.0)]
    slope = np.log2(size[1] / size[0])
    assert abs(slope + 2) < 0.1, f"slope {slope:.2f}, not −2"
