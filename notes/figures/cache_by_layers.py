"""How much of a full KV cache is left when only some layers keep the whole context."""

import numpy as np
from matplotlib.figure import Figure
from models.languages import in_language
from models.masks import window
from models.reach import kept

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, INK, ORANGE, canvas

# Key of the label, cheap layers for each full one, tokens that a cheap layer keeps, style and colour. A linear layer's
# state is as many numbers as the keys and values of 64 tokens, for a head of 128 dimensions: 128·128 against 2·128 a token.
MIXES = [
    ("1:1", 1, 4096, "s--", ORANGE),
    ("3:1", 3, 64, "^:", GREEN),
    ("5:1", 5, 1024, "o-", BLUE),
]
LABELS = {
    "zh": {
        "1:1": "1 比 1，窗口 4096", "3:1": "3 比 1，线性层", "5:1": "5 比 1，窗口 1024",
        "full": "全用全局层", "length": "上下文长度", "cache": "KV 缓存 / %", "title": "便宜的层与全局层之比",
    },
    "en": {
        "1:1": "1 : 1, window 4096", "3:1": "3 : 1, linear layers", "5:1": "5 : 1, window 1024",
        "full": "global layers only", "length": "context length", "cache": "KV cache / %", "title": "Cheap layers : global layers",
    },
}


@figure(
    alt="横轴上下文长度，纵轴为 KV 缓存占全是全局层时的百分比。三条曲线随长度下降：1 比 1 降到约 50%，3 比 1 的线性混合降到 25%，5 比 1 降到约 17%。"
)
def cache_by_layers(longest: int = 131072, lang: str = "zh") -> Figure:
    """Tokens kept a layer, as a share of the length, for three mixes of cheap and full layers."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.5)
    axes = drawing.subplots()
    lengths = 2 ** np.arange(10, int(np.log2(longest)) + 1)
    axes.axhline(100, color=INK, linewidth=1.2, linestyle="-.")
    axes.text(lengths[-1], 97, labels["full"], ha="right", va="top")
    for name, cheap, size, style, color in MIXES:
        axes.semilogx(lengths, 100 * kept(lengths, cheap, size) / lengths, style, color=color, label=labels[name])
    axes.set_xticks(lengths[1::2], [f"{n // 1024}K" for n in lengths[1::2]])
    axes.set_xticks([], minor=True)
    axes.set(xlabel=labels["length"], ylabel=labels["cache"], ylim=(0, 106), title=labels["title"])
    axes.grid(axis="y")
    drawing.legend(loc="outside lower center", ncols=2, columnspacing=1, handlelength=2.2)
    return drawing


@cache_by_layers.check
def _(longest: int, lang: str) -> None:
    for _, cheap, size, *_ in MIXES:
        for n in (size // 2, size, 3 * size + 1):
            # Layer by layer, what the last position sees of its mask.
            width = [n] + [size] * cheap
            seen = [int(window(n, w)[-1].sum()) if n <= 2000 else min(n, w) for w in width]
            assert abs(sum(seen) / len(seen) - kept(n, cheap, size)) < 1e-9, f"{cheap}:1, {n} tokens: {seen}"
        limit = kept(longest, cheap, size) / longest
        assert limit > 1 / (cheap + 1), f"{cheap}:1 keeps {limit:.1%}, less than its full layers"
