"""Keys that one query reads under trainable sparse attention."""

import numpy as np
from matplotlib.figure import Figure
from models.languages import in_language
from models.reach import dsa, moba, nsa

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, INK, ORANGE, canvas

LABELS = {
    "zh": {
        "full": "全注意力", "moba": "MoBA：12 块，每块 4096", "nsa": "NSA：摘要 + 16 块 + 窗口", "dsa": "DSA：2048 个",
        "x": "上下文长度", "y": "每个查询读的键",
    },
    "en": {
        "full": "full attention", "moba": "MoBA: 12 blocks of 4096", "nsa": "NSA: 3 branches", "dsa": "DSA: 2048 tokens",
        "x": "context length", "y": "keys read per query",
    },
}


@figure(alt="双对数图：每个查询读的键数随上下文长度变化。全注意力是对角线；NSA 缓慢上升；MoBA 在 49152 处变平；DSA 在 2048 处变平。")
def sparse_reads(longest: int = 1048576, lang: str = "zh") -> Figure:
    """All keys, NSA, MoBA and DSA with the sizes of their papers, against the length of the context."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.6)
    axes = drawing.subplots()
    lengths = 2 ** np.arange(10, int(np.log2(longest)) + 1)
    rows = [("full", lengths, "-.", INK), ("moba", moba(lengths), "^:", GREEN),
            ("nsa", nsa(lengths), "o-", BLUE), ("dsa", dsa(lengths), "s--", ORANGE)]  # fmt: skip
    for name, values, style, color in rows:
        axes.loglog(lengths, values, style, color=color, label=labels[name])
    axes.set_xticks(lengths[::2], [f"{n // 1024}K" if n < 2**20 else "1M" for n in lengths[::2]])
    axes.set_yticks([1024, 16384, 262144], ["1K", "16K", "256K"])
    axes.minorticks_off()
    axes.set(xlabel=labels["x"], ylabel=labels["y"])
    axes.grid(axis="y")
    drawing.legend(loc="outside lower center", ncols=2, columnspacing=1, handlelength=2.2)
    return drawing


@sparse_reads.check
def _(longest: int, lang: str) -> None:
    # Positions one by one: a summary for every 16 tokens, 16 blocks of 64, the last 512.
    for n in (4096, 65536):
        summaries, blocks, near = len(range(0, n, 16)), sum(64 for _ in range(16)), len(range(n - 512, n))
        assert summaries + blocks + near == nsa(n), f"NSA reads {nsa(n)} of {n}, counted {summaries + blocks + near}"
    assert nsa(65536) == 5632 and nsa(8192) == 2048, "not the paper's own count at 64K and 8K"
    assert moba(2**20) / 2**20 == 1 - 0.953125, f"MoBA reads {moba(2**20) / 2**20:.2%} at 1M"
    assert dsa(1000) == nsa(1000) == moba(1000) == 1000, "a short context is not read whole"
