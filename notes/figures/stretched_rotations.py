"""How interpolation changes the frequencies of rotary positions."""

import numpy as np
from matplotlib.figure import Figure
from models.languages import in_language
from models.positions import frequencies
from models.rotary import by_parts, interpolated, new_base, turns

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, TICK, canvas

LABELS = {
    "zh": {
        "first": "从第 {first} 对起转不满一圈", "turns": "训练内转的圈数", "title": "$d$ = {d}，训练长度 {length}，拉长 {s:g} 倍",
        "pi": "位置插值", "ntk": "NTK 缩放", "x": "维度对的编号（频率由高到低）", "y": "新频率 / 原频率",
    },
    "en": {
        "first": "from pair {first} on, less than a turn", "turns": "turns in training",
        "title": "$d$ = {d}, trained at {length}, stretched {s:g}×",
        "pi": "interpolation", "ntk": "NTK scaling", "x": "pair of dimensions (fast to slow)", "y": "new / old frequency",
    },
}


@figure(
    alt="横轴是维度对的编号。上：训练长度内转的圈数，对数轴上直线下降，从第 46 对起不满一圈。"
    "下：新频率与原频率之比，位置插值处处为 1/8；NTK 缩放从 1 平滑降到 1/8；YaRN 前段保持 1，后段为 1/8，中间过渡。"
)
def stretched_rotations(d: int = 128, s: float = 8.0, length: int = 4096, lang: str = "zh") -> Figure:
    """New frequency over old for each pair, and how often the pair goes round within the training length."""
    labels = in_language(LABELS, lang)
    old, pairs = frequencies(d), np.arange(d // 2)
    drawing = canvas(4.2)
    top, bottom = drawing.subplots(2, 1, sharex=True)
    top.semilogy(pairs, turns(d, length), color=GREEN)
    top.axhline(1, color=GREEN, linewidth=1, linestyle="--")
    first = int((turns(d, length) >= 1).sum())
    found = labels["first"].format(first=first)
    top.annotate(found, (first, 1), (-4, -14), textcoords="offset points", color=GREEN, ha="right", fontsize=TICK)
    top.set(ylabel=labels["turns"], title=labels["title"].format(d=d, length=length, s=s))
    bottom.plot(pairs, interpolated(d, s) / old, ":", color=ORANGE, label=labels["pi"])
    bottom.plot(pairs, frequencies_with(d, new_base(d, s)) / old, "--", color=GREEN, label=labels["ntk"])
    bottom.plot(pairs, by_parts(d, s, length) / old, "-", color=BLUE, label="YaRN")
    bottom.set(xlabel=labels["x"], ylabel=labels["y"], ylim=(0, 1.08), yticks=[0, 1 / s, 0.5, 1])
    bottom.set_yticklabels(["0", f"1/{s:g}", "0.5", "1"])
    bottom.legend(loc="upper right")
    drawing.align_ylabels()
    return drawing


def frequencies_with(d: int, base: float) -> np.ndarray:
    return base ** (-np.arange(0, d, 2) / d)


@stretched_rotations.check
def _(d: int, s: float, length: int, lang: str) -> None:
    old = frequencies(d)
    changed = frequencies_with(d, new_base(d, s)) / old
    assert abs(changed[0] - 1) < 1e-12 and abs(changed[-1] - 1 / s) < 1e-12, f"the new base divides by {1 / changed[-1]:.3f}, not {s}"
    found = by_parts(d, s, length) / old
    for i in range(d // 2):
        # Wavelengths in plain Python: whole ones in the training length, r of them.
        r = length / (2 * np.pi * 10000 ** (2 * i / d))
        gamma = 0 if r < 1 else 1 if r > 32 else (r - 1) / 31
        assert abs(found[i] - ((1 - gamma) / s + gamma)) < 1e-12, f"pair {i} is multiplied by {found[i]:.4f}"
        assert abs(turns(d, length)[i] - r) < 1e-9 * r, f"pair {i} turns {turns(d, length)[i]:.3f} times, not {r:.3f}"
    # A stretched position turns no pair further than training did.
    assert (s * length * interpolated(d, s) <= length * old * (1 + 1e-12)).all(), "interpolation leaves the trained angles"
