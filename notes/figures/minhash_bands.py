"""How sharply bands of MinHash values tell near duplicates from the rest."""

import numpy as np
from matplotlib.figure import Figure
from models import dedup
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GRID, MUTED, ORANGE, SMALL, canvas

DRAWS = 20000
TABLE = (0.5, 0.7, 0.75, 0.8, 0.85)

LABELS = {
    "zh": {"one": "只比一个哈希值", "similarity": "相似度 $s$", "caught": "被查出的概率", "bands": "{} 组，每组 {} 个哈希值"},
    "en": {
        "one": "one hash value",
        "similarity": "similarity $s$",
        "caught": "probability of being caught",
        "bands": "{} bands of {} hash values",
    },
}


@figure(
    alt="横轴为两篇文档的 Jaccard 相似度，纵轴为被查出的概率。14 组、每组 8 个哈希值时是一条 S 形曲线，相似度 0.5 时约 5%，"
    "0.7 时 56%，0.85 时 99%；一组一个哈希值时是对角线。"
)
def minhash_bands(bands: int = 14, rows: int = 8, lang: str = "zh") -> Figure:
    """1 − (1 − s^r)^b against s, and the single hash value for comparison.

    Source: Penedo et al., arXiv 2406.17557, section 3.4.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    similarity = np.linspace(0, 1, 201)
    axes.plot([0, 1], [0, 1], ":", color=MUTED)
    axes.text(0.31, 0.38, labels["one"], color=MUTED, fontsize=SMALL, ha="right")
    axes.plot(similarity, dedup.caught(similarity, bands, rows), "-", color=BLUE)
    axes.plot(TABLE, dedup.caught(np.array(TABLE), bands, rows), "o", color=BLUE)
    middle = (1 / bands) ** (1 / rows)
    axes.axvline(middle, color=GRID, linewidth=1)
    axes.text(middle - 0.02, 0.9, rf"$(1/b)^{{1/r}}$ = {middle:.2f}", color=ORANGE, ha="right", va="center")
    axes.set(xlabel=labels["similarity"], ylabel=labels["caught"])
    axes.set(xlim=(0, 1.02), ylim=(0, 1.04), xticks=[0, 0.25, 0.5, 0.75, 1], yticks=[0, 0.5, 1])
    axes.grid(axis="y")
    axes.set_title(labels["bands"].format(bands, rows))
    return drawing


@minhash_bands.check
def _(bands: int, rows: int, lang: str) -> None:
    random = np.random.default_rng(2406)
    for similarity in TABLE:
        # Every hash value agrees with the probability s: drawn, band by band.
        found = (random.random((DRAWS, bands, rows)) < similarity).all(axis=2).any(axis=1).mean()
        expected = dedup.caught(similarity, bands, rows)
        assert abs(found - expected) < 5 * 0.5 / DRAWS**0.5, f"s = {similarity}: {found:.3f} drawn, {expected:.3f} computed"
    # And that probability itself: two sets of known overlap under the same random orders.
    a, b = set(range(0, 60)), set(range(20, 80))
    values = [dedup.signature(each, 3000, 100, np.random.default_rng(1997)) for each in (a, b)]
    share, expected = (values[0] == values[1]).mean(), dedup.jaccard(a, b)
    assert abs(share - expected) < 5 * 0.5 / 3000**0.5, f"smallest values agree in {share:.3f}, the sets overlap in {expected:.3f}"
