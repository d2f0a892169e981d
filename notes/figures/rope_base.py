"""Wavelengths of rotary positions for different bases."""

import numpy as np
from matplotlib.figure import Figure
from models.languages import in_language
from models.positions import frequencies
from models.rotary import rotate

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, ORANGE, TICK, canvas

LABELS = {
    "zh": {"base": "底数 {ten_thousands:g} 万", "x": "维度对的编号（频率由高到低）", "y": "转一圈要几个位置"},
    "en": {"base": "base {base:,.0f}", "x": "pair of dimensions (fast to slow)", "y": "positions per turn"},
}


def wavelengths(d: int, base: float) -> np.ndarray:
    """Positions that pair i takes for a whole turn: 2π·base^(2i/d). Shape (d/2,)."""
    return 2 * np.pi * base ** (np.arange(0, d, 2) / d)


@figure(alt="横轴维度对的编号，纵轴波长，对数轴。底数 1 万的直线止于约 5.4 万，底数 50 万的直线更陡，止于约 256 万；横线标出 8K 和 128K。")
def rope_base(d: int = 128, old: float = 1e4, new: float = 5e5, lang: str = "zh") -> Figure:
    """Wavelength of each pair under two bases; a pair above a length's line does not turn round once within it."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.3)
    axes = drawing.subplots()
    pairs = np.arange(d // 2)
    axes.semilogy(pairs, wavelengths(d, new), "-", color=BLUE, label=labels["base"].format(base=new, ten_thousands=new / 1e4))
    axes.semilogy(pairs, wavelengths(d, old), "--", color=ORANGE, label=labels["base"].format(base=old, ten_thousands=old / 1e4))
    for length in (8192, 131072):
        axes.axhline(length, color=MUTED, linewidth=1, linestyle=":")
        axes.text(0, length * 1.15, f"{length // 1024}K", va="bottom", fontsize=TICK)
    axes.set(xlabel=labels["x"], ylabel=labels["y"], title=f"$d$ = {d}")
    axes.legend(loc="lower right")
    return drawing


@rope_base.check
def _(d: int, old: float, new: float, lang: str) -> None:
    assert np.allclose(wavelengths(d, 1e4), 2 * np.pi / frequencies(d)), "wavelengths are not 2π/ω"
    # Turned by a wavelength, every pair is where it was.
    x = np.random.default_rng(1).standard_normal((1, d))
    for base in (old, new):
        for i, length in enumerate(wavelengths(d, base)):
            turned = rotate(x, np.array([length]), 2 * np.pi / wavelengths(d, base))[0, 2 * i : 2 * i + 2]
            assert np.abs(turned - x[0, 2 * i : 2 * i + 2]).max() < 1e-6, f"base {base}: pair {i} is not back after {length:.0f}"
    assert wavelengths(d, new)[-1] > wavelengths(d, old)[-1], "the larger base turns faster"
