"""Bytes of keys and values against the length, for different numbers of key-value heads."""

import numpy as np
from matplotlib.figure import Figure
from models.counts import GIB, LLAMA_2_70B, kv_bytes
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, canvas

LABELS = {
    "zh": {
        "MHA": "MHA：64 个 KV 头", "GQA": "GQA：8 个", "MQA": "MQA：1 个",
        "x": "上下文长度", "y": "KV 缓存 / GiB", "title": "70B 模型，一个请求，fp16",
    },
    "en": {
        "MHA": "MHA: 64 KV heads", "GQA": "GQA: 8", "MQA": "MQA: 1",
        "x": "context length", "y": "KV cache / GiB", "title": "70B model, one request, fp16",
    },
}


@figure(alt="双对数图：70B 模型一个请求的 KV 缓存随长度成正比上升，三条平行线：64 个 KV 头、8 个、1 个，每条是上一条的 1/8。")
def kv_memory(longest: int = 131072, lang: str = "zh") -> Figure:
    """One request on a model of the shape of Llama 2 70B (80 layers, 64 heads of 128), fp16."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.4)
    axes = drawing.subplots()
    lengths = 2 ** np.arange(9, int(np.log2(longest)) + 1)
    for heads, style, color, name in ((64, "s--", ORANGE, "MHA"), (8, "o-", BLUE, "GQA"), (1, "^:", GREEN, "MQA")):
        values = [kv_bytes(LLAMA_2_70B, int(n), kv_heads=heads) / GIB for n in lengths]
        axes.loglog(lengths, values, style, color=color, label=labels[name])
    ticks = lengths[::2]
    axes.set_xticks(ticks, [f"{n // 1024}K" if n >= 1024 else str(n) for n in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    axes.set_yticks([], minor=True)
    axes.set(xlabel=labels["x"], ylabel=labels["y"], title=labels["title"], ylim=(0.01, 9000))
    axes.grid(axis="y")
    axes.legend(loc="upper left")
    return drawing


@kv_memory.check
def _(longest: int, lang: str) -> None:
    s = LLAMA_2_70B
    for heads in (64, 8, 1):
        # Arrays as a cache would hold them, one layer and one token, and their own count of bytes.
        held = sum(np.zeros((heads, s.d_head), np.float16).nbytes for _ in ("keys", "values")) * s.layers
        assert held == kv_bytes(s, kv_heads=heads), f"{heads} heads: {held} bytes a token, formula {kv_bytes(s, kv_heads=heads)}"
    assert kv_bytes(s, longest, kv_heads=64) == 8 * kv_bytes(s, longest), "eight times fewer heads is not eight times less"
