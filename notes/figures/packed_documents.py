"""The mask of several documents in one row."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from models import masks, packing
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GRID, SMALL, TEXT, canvas

LENGTHS = [3, 2, 4]

LABELS = {
    "zh": {
        "causal": "只用因果掩码",
        "packed": "打包掩码",
        "pairs": "可见 {} 对",
    },
    "en": {
        "causal": "causal mask only",
        "packed": "packing mask",
        "pairs": "{} visible pairs",
    },
}


@figure(
    alt="两张 9 乘 9 的掩码。左：普通因果掩码是整个下三角，后面的文档看得到前面的文档。右：打包掩码只剩对角线上三个小三角，"
    "长 3、2、4，各看各的。"
)
def packed_documents(lang: str = "zh") -> Figure:
    """A causal mask over three documents, and the same kept apart. Rows are queries, columns are keys.

    Source: Krell et al., arXiv 2107.02027.
    """
    labels = in_language(LABELS, lang)
    documents = np.repeat(np.arange(len(LENGTHS)), LENGTHS)
    drawing = canvas(2.6)
    shown = {labels["causal"]: masks.causal(len(documents)), labels["packed"]: packing.mask(documents)}
    for axes, (name, seen) in zip(drawing.subplots(1, 2), shown.items(), strict=True):
        axes.pcolormesh(seen[::-1], cmap=ListedColormap(["none", BLUE]), edgecolors=GRID, linewidth=0.4, vmin=0, vmax=1)
        axes.set_title(name, fontsize=TEXT)
        axes.set(xticks=[], yticks=[], aspect="equal")
        axes.set_xlabel(labels["pairs"].format(seen.sum()), fontsize=SMALL + 1)
        axes.spines[:].set_visible(False)
    return drawing


@packed_documents.check
def _(lang: str) -> None:
    documents = np.repeat(np.arange(len(LENGTHS)), LENGTHS)
    seen = packing.mask(documents)
    assert (seen.sum(), masks.causal(len(documents)).sum()) == packing.pairs(LENGTHS), f"{seen.sum()} pairs"
    # Cut out, every document has the causal mask of its own length, and nothing is outside.
    ends = np.cumsum(LENGTHS)
    for end, length in zip(ends, LENGTHS, strict=True):
        own = seen[end - length : end, end - length : end]
        assert (own == masks.causal(length)).all(), f"the document that ends at {end}"
    assert seen.sum() == sum(masks.causal(length).sum() for length in LENGTHS)
