"""What sinusoidal positions look like, and why their dot product knows only the distance."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from models.languages import in_language
from models.positions import shift, sinusoidal

from deckgen.figures import figure
from deckgen.figures.style import BLUE, DIVERGING, ORANGE, canvas

LABELS = {
    "zh": {"dimension": "维度：偶数列 sin，奇数列 cos", "position": "位置 $p$", "title": "正弦位置编码  ", "offset": "偏移 $k$"},
    "en": {"dimension": "dimension: even sin, odd cos", "position": "position $p$", "title": "Sinusoidal  ", "offset": "offset $k$"},
}


@figure(
    alt="上：正弦位置编码热力图，低维列随位置快速振荡，高维列几乎不变。"
    "下：两个不同起点 p 的点积曲线完全重合，点积只取决于偏移 k。"
)
def positional_encoding(d: int = 64, n: int = 50, lang: str = "zh") -> Figure:
    """The encoding of n positions in d dimensions, and PE_p · PE_{p+k} against k for two p.

    Source: Attention Is All You Need, arXiv 1706.03762, section 3.5.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(4.4)
    top, bottom = drawing.subplots(2, 1, height_ratios=[2.1, 1])
    heat_map(top, sinusoidal(n, d), labels)
    products(bottom, sinusoidal(2 * n, d), n)
    bottom.set_xlabel(labels["offset"])
    drawing.align_ylabels()
    return drawing


def heat_map(axes: Axes, encoding: np.ndarray, labels: dict[str, str]) -> None:
    """Positions downwards, dimensions across: sine in even columns, cosine in odd ones. `encoding`: (n, d)."""
    image = axes.imshow(encoding, aspect="auto", cmap=DIVERGING, vmin=-1, vmax=1)
    axes.set(xlabel=labels["dimension"], ylabel=labels["position"])
    axes.set_title(labels["title"] + r"$PE_{p,2i} = \sin(p\,/\,10000^{2i/d})$")
    axes.spines[:].set_visible(False)
    bar = axes.figure.colorbar(image, ax=axes, ticks=[-1, 0, 1], pad=0.02, fraction=0.05)
    bar.outline.set_visible(False)


def products(axes: Axes, encoding: np.ndarray, n: int) -> None:
    """The curve of p = 0, and on it points of p = n/2. `encoding`: (2n, d)."""
    later, half = n // 2, encoding.shape[1] / 2
    offsets = np.arange(0, n, max(1, n // 16))
    axes.plot(encoding[:n] @ encoding[0], color=BLUE, label="$p$ = 0")
    axes.plot(offsets, encoding[later + offsets] @ encoding[later], "o", color=ORANGE, label=f"$p$ = {later}")
    axes.set(ylabel=r"$PE_p \cdot PE_{p+k}$", yticks=[half / 2, half], xlim=(-0.02 * n, n))
    low, _ = axes.get_ylim()
    height = half - low
    axes.set_ylim(low - 0.1 * height, half + 0.4 * height)  # the legend above d/2, which no product exceeds
    axes.grid(axis="y")
    axes.legend(loc="upper right", ncols=2, borderaxespad=0)


@positional_encoding.check
def _(d: int, n: int, lang: str) -> None:
    encoding = sinusoidal(2 * n, d)
    for p in {0, 1, n // 2, n - 1}:
        for j in range(d):
            # The paper's formula, entry by entry, in plain Python.
            wave = math.cos if j % 2 else math.sin
            expected = wave(p / 10000 ** (2 * (j // 2) / d))
            assert abs(encoding[p, j] - expected) < 1e-9, f"PE[{p}, {j}] is {encoding[p, j]:.6f}, not {expected:.6f}"

    for k in {1, n // 2, n - 1}:
        error = np.abs(encoding[:n] @ shift(k, d).T - encoding[k : k + n]).max()
        assert error < 1e-9, f"PE(p+{k}) differs from R_{k} PE(p) by {error:.1e}"

    gram = encoding @ encoding.T
    spread = max(np.ptp(np.diagonal(gram, k)) for k in range(n))
    assert spread < 1e-9 * d, f"PE(p)·PE(p+k) differs by {spread:.1e} from one p to another"
    error = np.abs((encoding**2).sum(axis=1) - d / 2).max()
    assert error < 1e-9 * d, f"‖PE‖² differs from d/2 = {d / 2} by {error:.1e}"
