"""A figure with each plot helper: what is looked at in a browser."""

import numpy as np
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.plots import bars, block_diagram, heat_map, lines, matrix
from deckgen.figures.style import BLUE, GREEN, ORANGE

TOKENS = ["我", "爱", "猫", "[PAD]"]
WEIGHTS = np.array([[0.5, 0.3, 0.2, 0], [0.1, 0.6, 0.3, 0], [0.05, 0.05, 0.9, 0], [0.4, 0.3, 0.3, 0]])


@figure(alt="a heat map")
def a_heat_map() -> Figure:
    waves = np.sin(np.outer(np.arange(20), np.linspace(0.1, 1.5, 30)))
    return heat_map(waves, title="正弦波", x_label="频率", y_label="位置")


@figure(alt="a heat map of one sign, with names")
def named_heat_map() -> Figure:
    return heat_map(WEIGHTS, rows=TOKENS, columns=TOKENS, title="注意力权重", height=2.6)


@figure(alt="a matrix")
def a_matrix() -> Figure:
    return matrix(WEIGHTS, rows=TOKENS, columns=TOKENS, title="加 padding mask", x_label="key", y_label="query")


@figure(alt="a wide matrix of both signs")
def wide_matrix() -> Figure:
    return matrix(np.linspace(-1, 1, 24).reshape(3, 8), digits=2)


@figure(alt="four lines")
def four_lines() -> Figure:
    n = 2.0 ** np.arange(4, 15)
    costs = {"自注意力 $n^2 d$": n**2 * 512, "循环 $n d^2$": n * 512**2, "卷积 $k n d^2$": 3 * n * 512**2, "Linformer": n * 256 * 512}
    return lines(n, costs, title="每层的计算量，$d$ = 512", x_label="序列长度 $n$", y_label="乘加次数", log="xy", height=3.2)


@figure(alt="one line")
def one_line() -> Figure:
    x = np.linspace(-4, 4, 100)
    return lines(x, {"sigmoid": 1 / (1 + np.exp(-x))}, x_label="$x$", y_label=r"$\sigma(x)$")


@figure(alt="bars")
def some_bars() -> Figure:
    return bars(["FP16", "INT8", "INT4"], {"权重": [14, 7, 3.5], "KV cache": [4, 4, 2], "激活": [2, 2, 1.5]}, title="显存（GiB）",
                y_label="GiB", numbers=True)


@figure(alt="bars of one series")
def few_bars() -> Figure:
    return bars(["A", "B", "C"], {"x": [1, -2, 3]}, x_label="group", numbers=True)


@figure(alt="an encoder block")
def encoder() -> Figure:
    return block_diagram(
        {"x": "X", "mha": "Multi-head\nself-attention", "add1": "Add & LayerNorm", "ffn": "FFN: $d$ → $4d$ → $d$", "add2": "Add & LayerNorm"},
        [("x", "mha"), ("mha", "add1"), ("x", "add1", "残差"), ("add1", "ffn", "$n × d$"), ("ffn", "add2"), ("add1", "add2", "残差")],
        title="编码器块", colours={"add1": GREEN, "add2": GREEN, "ffn": ORANGE},
    )


@figure(alt="attention")
def attention() -> Figure:
    return block_diagram(
        {"x": "输入 X", "q": "Q", "k": "K", "v": "V", "scores": "softmax($QK^\\top / \\sqrt{d_k}$)", "sum": "加权求和", "out": "输出"},
        [("x", "q"), ("x", "k"), ("x", "v"), ("q", "scores"), ("k", "scores"), ("v", "sum"), ("scores", "sum"), ("sum", "out"), ("x", "out")],
        colours={"q": ORANGE, "k": ORANGE, "v": ORANGE, "x": BLUE},
    )


@a_heat_map.check
def _():
    pass


@named_heat_map.check
def _():
    pass


@a_matrix.check
def _():
    pass


@wide_matrix.check
def _():
    pass


@four_lines.check
def _():
    pass


@one_line.check
def _():
    pass


@some_bars.check
def _():
    pass


@few_bars.check
def _():
    pass


@encoder.check
def _():
    pass


@attention.check
def _():
    pass
