"""All segmentations of a word as paths through a lattice, and the best of them."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path
from models import subwords
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, INK, MUTED, SMALL, TEXT, canvas

HEIGHTS = {1: -0.3, 2: 0.55, 3: 1.1, 4: 1.8}  # of an arc over so many letters

LABELS = {
    "zh": {"best": "{}：概率之积 {:.2g}，最大"},
    "en": {"best": "{}: product {:.2g}, the largest"},
}


@figure(
    alt="词 unity 的切分网格：六个节点是字母之间的位置，每条弧是词表里的一个子词，标着概率。"
    "概率乘积最大的路径是 un 与 ity，用粗线画出；最长匹配会选的 unit 与 y 概率小得多。"
)
def unigram_lattice(word: str = "unity", lang: str = "zh") -> Figure:
    """Arcs above the line for pieces of several letters, below it for single letters; the best path bold.

    Source: Kudo, arXiv 1804.10959, section 3.2. The probabilities are made up.
    """
    labels = in_language(LABELS, lang)
    best, log = subwords.viterbi(word, subwords.PIECES)
    cuts = [0]
    for piece in best:
        cuts.append(cuts[-1] + len(piece))
    path = set(zip(cuts, cuts[1:]))
    drawing = canvas(3.0)
    axes = drawing.subplots()
    for i in range(len(word)):
        for j in range(i + 1, len(word) + 1):
            piece = word[i:j]
            if piece not in subwords.PIECES:
                continue
            arc(axes, i, j, f"{piece} {subwords.PIECES[piece]:g}", (i, j) in path)
    axes.plot(range(len(word) + 1), [0] * (len(word) + 1), "o", color=INK, zorder=3)
    axes.set(xlim=(-0.25, len(word) + 0.25), ylim=(-0.75, 2.15))
    axes.axis("off")
    axes.set_title(labels["best"].format(" | ".join(best), math.exp(log)))
    return drawing


def arc(axes: Axes, i: int, j: int, label: str, chosen: bool) -> None:
    """An arrow from cut i to cut j, the higher the longer, single letters below; its label at the top of the curve."""
    up = j - i > 1
    height = HEIGHTS[j - i]
    color, width = (BLUE, 2.4) if chosen else (MUTED, 1.0)
    curve = Path([(i, 0), ((i + j) / 2, 2 * height), (j, 0)], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    axes.add_patch(FancyArrowPatch(path=curve, arrowstyle="-", color=color, linewidth=width))
    shift = 0.3 if j - i == 3 else 0  # away from the arc that crosses there
    axes.text(
        (i + j) / 2 + shift, height + (0.06 if up else -0.08), label, ha="center", va="bottom" if up else "top",
        fontsize=TEXT if chosen else SMALL, color=BLUE if chosen else INK, fontweight="bold" if chosen else "normal",
    )  # fmt: skip


@unigram_lattice.check
def _(word: str, lang: str) -> None:
    found, log = subwords.viterbi(word, subwords.PIECES)
    ways = {tuple(way): math.prod(subwords.PIECES[piece] for piece in way) for way in subwords.segmentations(word, subwords.PIECES)}
    best = max(ways, key=ways.__getitem__)
    assert tuple(found) == best, f"Viterbi finds {found}, brute force over {len(ways)} ways finds {best}"
    assert abs(math.exp(log) - ways[best]) < 1e-12 * ways[best], f"its probability is {math.exp(log):.3e}, not {ways[best]:.3e}"

    # The same on random vocabularies over two letters.
    random = np.random.default_rng(1804)
    for _ in range(40):
        text = "".join(random.choice(list("ab"), 8))
        pieces = {text[i:j]: float(random.random()) for i in range(8) for j in range(i + 1, 9) if j == i + 1 or random.random() < 0.5}
        highest = max(math.prod(pieces[piece] for piece in way) for way in subwords.segmentations(text, pieces))
        way, log = subwords.viterbi(text, pieces)
        product = math.prod(pieces[piece] for piece in way)
        assert "".join(way) == text and abs(product / highest - 1) < 1e-9, f"{text}: {way} has {product:.3e}, the best {highest:.3e}"
        assert abs(log - math.log(product)) < 1e-9
    second = sorted(ways.values())[-2]
    assert second < ways[best], f"two segmentations share the best probability {second:.3e}"
