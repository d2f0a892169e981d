"""Which pieces byte-pair encoding builds out of which."""

from collections import Counter

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from models import bpe
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GRID, INK, MUTED, SMALL, TEXT, canvas

SHOWN = 5  # merges listed: es, est, est</w>, lo, low
STEPS = 10

LABELS = {
    "zh": {"count": "{} 次", "merges": "每次合并最常见的相邻对（† 为词尾）", "unseen": "用到没见过的词 {}：{}"},
    "en": {
        "count": "{}×",
        "merges": "Most frequent pair first († = word end)",
        "unseen": "Unseen word {}: {}",
    },
}


@figure(
    alt="BPE 在四个词的语料上学到的前几次合并，按次数：e+s 得 es，es+t 得 est，est 加词尾得 est 词尾，l+o 得 lo，lo+w 得 low；"
    "下面是把这些合并用到没见过的词 lowest 上的合并树，最后剩 low 与 est 词尾两块。"
)
def bpe_merges(word: str = "lowest", lang: str = "zh") -> Figure:
    """The first merges with their counts, and the tree they make of a word.

    Source: Sennrich et al., arXiv 1508.07909, section 3.2.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.5)
    top, bottom = drawing.subplots(2, 1, height_ratios=[1, 1.25])
    table(top, labels)
    tree(bottom, word, [pair for pair, _ in bpe.learn(bpe.CORPUS, SHOWN)], labels)
    return drawing


def shown(piece: str) -> str:
    """The end-of-word symbol as one sign, so that it does not outweigh the letters."""
    return piece.replace(bpe.END, "†")


def table(axes: Axes, labels: dict[str, str]) -> None:
    """A bar a merge, as long as the pair was frequent."""
    learned = bpe.learn(bpe.CORPUS, SHOWN)
    names = [f"{shown(a)} + {shown(b)}" for (a, b), _ in learned]
    counts = [count for _, count in learned]
    axes.barh(range(SHOWN), counts, 0.62, color=BLUE)
    axes.set_yticks(range(SHOWN), [f"{n}.  {name}" for n, name in enumerate(names, 1)])
    for n, count in enumerate(counts):
        axes.text(count + 0.15, n, labels["count"].format(count), va="center", fontsize=SMALL)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set(xlim=(0, max(counts) + 1.5), xticks=[])
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.set_title(labels["merges"])


def tree(axes: Axes, word: str, merges: list[tuple[str, str]], labels: dict[str, str]) -> None:
    """Letters at the bottom; each merge that fires joins two nodes one row up."""
    nodes = [(shown(piece), float(n), 0.0) for n, piece in enumerate(bpe.letters(word))]
    for label, x, y in nodes:
        box(axes, label, x, y, False)
    pieces = bpe.letters(word)
    for pair in merges:
        while pair in list(zip(pieces, pieces[1:])):
            at = list(zip(pieces, pieces[1:])).index(pair)
            pieces = (*pieces[:at], "".join(pair), *pieces[at + 2 :])
            left, right = nodes[at : at + 2]
            joined = (shown("".join(pair)), (left[1] + right[1]) / 2, max(left[2], right[2]) + 1)
            for child in (left, right):
                axes.plot([child[1], joined[1]], [child[2] + 0.28, joined[2] - 0.28], color=GRID, linewidth=1.4, zorder=0)
            nodes[at : at + 2] = [joined]
            box(axes, joined[0], joined[1], joined[2], True)
    height = max(y for _, _, y in nodes)
    axes.set(xlim=(-0.6, len(word) + 0.6), ylim=(-0.5, height + 0.5))
    axes.axis("off")
    axes.set_title(labels["unseen"].format(word, " | ".join(label for label, _, _ in nodes)))


def box(axes: Axes, label: str, x: float, y: float, merged: bool) -> None:
    style = {"boxstyle": "round,pad=0.25", "facecolor": "none", "edgecolor": BLUE if merged else MUTED}
    axes.text(x, y, label, ha="center", va="center", fontsize=TEXT, color=BLUE if merged else INK, bbox=style)


@bpe_merges.check
def _(word: str, lang: str) -> None:
    learned = bpe.learn(bpe.CORPUS, STEPS)
    made = ["".join(pair) for pair, _ in learned]
    assert made[:5] == ["es", "est", "est</w>", "lo", "low"], f"the classic merges come out as {made[:5]}"

    # Every count again, by writing the corpus out word by word and counting in the text between spaces.
    for n, ((a, b), count) in enumerate(learned):
        text = [bpe.encode(w, [pair for pair, _ in learned[:n]]) for w, times in bpe.CORPUS.items() for _ in range(times)]
        counts = Counter(pair for pieces in text for pair in zip(pieces, pieces[1:]))
        assert counts[a, b] == count == max(counts.values()), f"merge {n}: {a}+{b} occurs {counts[a, b]} times, not {count}"

    merges = [pair for pair, _ in learned]
    for each in (*bpe.CORPUS, word, "slowest", "wide"):
        for n in range(len(merges) + 1):
            pieces = bpe.encode(each, merges[:n])
            assert bpe.decode(pieces) == each, f"{each} comes back from {pieces} as {bpe.decode(pieces)}"
