"""Bytes of keys and values against the length, for different numbers of key-value heads."""

import numpy as np
from matplotlib.figure import Figure
from models.counts import GIB, LLAMA_2_70B, kv_bytes

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, canvas


@figure(alt="双对数图：70B 模型一个请求的 KV 缓存随长度成正比上升，三条平行线：64 个 KV 头、8 个、1 个，每条是上一条的 1/8。")
def kv_memory(longest: int = 131072) -> Figure:
    """One request on a model of the shape of Llama 2 70B (80 layers, 64 heads of 128), fp16."""
    drawing = canvas(3.4)
    axes = drawing.subplots()
    lengths = 2 ** np.arange(9, int(np.log2(longest)) + 1)
    for heads, style, color, name in ((64, "s--", ORANGE, "MHA：64 个 KV 头"), (8, "o-", BLUE, "GQA：8 个"), (1, "^:", GREEN, "MQA：1 个")):
        values = [kv_bytes(LLAMA_2_70B, int(n), kv_heads=heads) / GIB for n in lengths]
        axes.loglog(lengths, values, style, color=color, label=name)
    ticks = lengths[::2]
    axes.set_xticks(ticks, [f"{n // 1024}K" if n >= 1024 else str(n) for n in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    axes.set_yticks([], minor=True)
    axes.set(xlabel="上下文长度", ylabel="KV 缓存 / GiB", title="70B 模型，一个请求，fp16", ylim=(0.01, 9000))
    axes.grid(axis="y")
    axes.legend(loc="upper left")
    return drawing


@kv_memory.check
def _(longest: int) -> None:
    s = LLAMA_2_70B
    for heads in (64, 8, 1):
        # Arrays as a cache would hold them, one layer and one token, and their own count of bytes.
        held = sum(np.zeros((heads, s.d_head), np.float16).nbytes for _ in ("keys", "values")) * s.layers
        assert held == kv_bytes(s, kv_heads=heads), f"{heads} heads: {held} bytes a token, formula {kv_bytes(s, kv_heads=heads)}"
    assert kv_bytes(s, longest, kv_heads=64) == 8 * kv_bytes(s, longest), "eight times fewer heads is not eight times less"
