"""Multiply-adds of the parts of a layer against the length of the input."""

import numpy as np
from matplotlib.figure import Figure
from models.counts import ffn_macs, layer_macs, projections_macs, score_share, scores_macs
from models.decoding import Decoder
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, INK, ORANGE, TICK, canvas

LENGTHS = 2 ** np.arange(8, 18)
LABELS = {
    "zh": {"dense": "投影和 FFN：", "scores": "打分和加权：", "low rank": "同上，低秩：", "comma": "，", "x": "长度 $n$", "y": "一层的乘加次数"},
    "en": {
        "dense": "projections and FFN: ", "scores": "scores and weighted sum: ", "low rank": "the same, low-rank: ", "comma": ", ",
        "x": "length $n$", "y": "multiply-adds, one layer",
    },
}


@figure(alt="双对数图：打分与加权的乘加次数是斜率 2 的直线，投影与 FFN、低秩注意力是斜率 1 的直线，前两者在 n = 6d 处相交。")
def complexity(d: int = 4096, k: int = 256, lang: str = "zh") -> Figure:
    """n²d of full attention, nd² of projections and FFN, nkd of attention over k summaries, one layer."""
    labels = in_language(LABELS, lang)
    drawing = canvas(3.5)
    axes = drawing.subplots()
    lengths = LENGTHS.astype(float)
    dense = projections_macs(lengths, d) + ffn_macs(lengths, d)
    axes.loglog(lengths, dense, "--", color=BLUE, label=labels["dense"] + "$12nd^2$")
    axes.loglog(lengths, scores_macs(lengths, d), "-", color=ORANGE, label=labels["scores"] + "$2n^2d$")
    axes.loglog(lengths, 2 * lengths * k * d, ":", color=GREEN, label=f"{labels['low rank']}$2nkd${labels['comma']}$k$ = {k}")
    cross = 6 * d
    axes.plot([cross], [scores_macs(cross, d)], "o", color=INK)
    axes.annotate(f"$n = 6d$ = {cross}", (cross, scores_macs(cross, d)), (-6, 6), textcoords="offset points", ha="right", fontsize=TICK)
    axes.set(xlabel=labels["x"], ylabel=labels["y"], title=f"$d$ = {d}")
    axes.grid()
    drawing.legend(loc="outside lower center", handlelength=2.6)  # on the grid its words would be crossed out
    return drawing


@complexity.check
def _(d: int, k: int, lang: str) -> None:
    for n, small in ((3, 8), (12, 4), (40, 2), (16, 16)):
        # A layer that counts every product of its matrices.
        model = Decoder(1, small)
        model.run(np.random.default_rng(n).standard_normal((n, small)))
        assert model.macs == layer_macs(n, small), f"n = {n}, d = {small}: counted {model.macs}, formula {layer_macs(n, small)}"
        share = scores_macs(n, small) / model.macs
        assert abs(share - score_share(n, small)) < 1e-12, f"share of scores {share:.3f}, formula {score_share(n, small):.3f}"
    lengths = LENGTHS.astype(float)
    for values, slope in ((scores_macs(lengths, d), 2), (ffn_macs(lengths, d), 1), (2 * lengths * k * d, 1)):
        found = np.polyfit(np.log(lengths), np.log(values), 1)[0]
        assert abs(found - slope) < 1e-9, f"slope {found:.3f}, not {slope}"
    # One n×n product and one projection: half of the scores, a quarter of the four.
    assert scores_macs(d, d) / 2 == projections_macs(d, d) / 4, "n²d and nd² do not meet at n = d"
    assert scores_macs(6 * d, d) == projections_macs(6 * d, d) + ffn_macs(6 * d, d), "the crossing is not at n = 6d"
