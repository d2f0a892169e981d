"""Work per generated token with and without a cache of keys and values."""

import numpy as np
from matplotlib.figure import Figure
from models.counts import layer_macs, step_macs
from models.decoding import Decoder
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

LABELS = {
    "zh": {"again": "每步全部重算", "kept": "缓存 K、V", "x": "第 $t$ 个 token", "y": "一层的乘加次数", "title": "$d$ = {d}，逐 token 生成"},
    "en": {
        "again": "all recomputed", "kept": "K, V cached", "x": "token $t$", "y": "multiply-adds, one layer",
        "title": "$d$ = {d}, token by token",
    },
}


@figure(alt="双对数图：生成第 t 个 token 时一层的乘加次数。不缓存随 t 一直上升，有缓存几乎水平。")
def cache_work(d: int = 4096, n: int = 4096, lang: str = "zh") -> Figure:
    """Multiply-adds of one layer for token t: all t tokens again, or the new one against kept keys and values."""
    labels = in_language(LABELS, lang)
    drawing = canvas(2.9)
    axes = drawing.subplots()
    steps = np.unique(np.geomspace(1, n, 60).astype(int)).astype(float)
    again, kept = layer_macs(steps, d), step_macs(steps, d)
    axes.loglog(steps, again, "-", color=ORANGE)
    axes.loglog(steps, kept, "--", color=BLUE)
    axes.text(n**0.42, again[0] * n**0.62, labels["again"], color=ORANGE, ha="right")
    axes.text(n, kept[-1] * 2.2, labels["kept"], color=BLUE, ha="right")
    axes.set(xlabel=labels["x"], ylabel=labels["y"], title=labels["title"].format(d=d))
    axes.grid(axis="y")
    return drawing


@cache_work.check
def _(d: int, n: int, lang: str) -> None:
    random = np.random.default_rng(1706)
    layers, size, length = 2, 8, 7
    x = random.standard_normal((length, size))
    model, cache = Decoder(layers, size), []
    whole, outputs = Decoder(layers, size).run(x), []
    for t in range(length):
        before = model.macs
        outputs.append(model.run(x[t : t + 1], cache)[0])
        counted = model.macs - before
        assert counted == layers * step_macs(t + 1, size), f"step {t + 1}: counted {counted}, formula {step_macs(t + 1, size)}"
        fresh = Decoder(layers, size)
        error = np.abs(fresh.run(x[: t + 1])[-1] - outputs[-1]).max()
        assert error < 1e-10, f"step {t + 1} with the cache differs from full recomputation by {error:.1e}"
        assert fresh.macs == layers * layer_macs(t + 1, size), f"recomputation counted {fresh.macs}"
    error = np.abs(whole - outputs).max()
    assert error < 1e-10, f"one causal pass differs from {length} steps by {error:.1e}"
