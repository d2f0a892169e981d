"""BPE takes the most frequent pair, WordPiece the one whose parts seldom stand apart."""

import math

import numpy as np
from matplotlib.figure import Figure
from models import subwords
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, ORANGE, SMALL, canvas

LABELS = {
    "zh": {"count": "BPE：次数", "score": "WordPiece：得分", "solid": "实心：下一个合并"},
    "en": {"count": "BPE: count", "score": "WordPiece: score", "solid": "solid: merged next"},
}


@figure(
    alt="六个相邻对的两种得分。左：出现次数，u+g 最高，20 次，BPE 合并它。右：次数除以两部分各自次数之积，"
    "g+s 最高，0.05，其余都是 0.028，WordPiece 合并它。"
)
def wordpiece_score(lang: str = "zh") -> Figure:
    """Counts and scores of all pairs of the toy corpus hug, pug, pun, bun, hugs.

    Source: the corpus and the score of Hugging Face's course, chapter 6.
    """
    labels = in_language(LABELS, lang)
    both, single = subwords.pairs(subwords.CORPUS)
    pairs = sorted(both, key=both.__getitem__, reverse=True)
    names = [f"{a.removeprefix('##')} + {b.removeprefix('##')}" for a, b in pairs]
    drawing = canvas(2.9)
    left, right = drawing.subplots(1, 2, sharey=True)
    panels = (
        (left, [both[pair] for pair in pairs], ORANGE, labels["count"], "{:.0f}"),
        (right, [subwords.score(pair, both, single) for pair in pairs], BLUE, labels["score"], "{:.3f}"),
    )
    for axes, values, color, title, form in panels:
        best = int(np.argmax(values))
        bars = axes.barh(range(len(pairs)), values, 0.62, color=color, alpha=1)
        for n, bar in enumerate(bars):
            if n != best:
                bar.set(facecolor="none", edgecolor=color, linewidth=1.2)
            axes.text(values[n] + 0.03 * max(values), n, form.format(values[n]), va="center", fontsize=SMALL)
        axes.set(xlim=(0, 1.32 * max(values)), xticks=[])
        axes.spines[["bottom"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_title(title)
    left.set_yticks(range(len(pairs)), names)
    left.invert_yaxis()
    left.set_xlabel(labels["solid"], fontsize=SMALL, color=MUTED)
    return drawing


@wordpiece_score.check
def _(lang: str) -> None:
    both, single = subwords.pairs(subwords.CORPUS)
    # Again from the corpus written out: neighbours in the string of all words, each as often as it occurs.
    text = [word for word, times in subwords.CORPUS.items() for _ in range(times)]
    for (a, b), count in both.items():
        x, y = a.removeprefix("##"), b.removeprefix("##")
        starts = not a.startswith("##")
        found = sum(word[i : i + 2] == x + y and (i == 0) == starts for word in text for i in range(len(word) - 1))
        assert found == count, f"{a}+{b} occurs {found} times, not {count}"
    assert max(both, key=both.__getitem__) == ("##u", "##g") and both["##u", "##g"] == 20

    # The score orders pairs by pointwise mutual information: ln score and ln p(ab)/(p(a)p(b)) differ by a constant.
    n, m = sum(single.values()), sum(both.values())
    gaps = [
        math.log(subwords.score(pair, both, single))
        - math.log((both[pair] / m) / ((single[pair[0]] / n) * (single[pair[1]] / n)))
        for pair in both
    ]
    assert max(gaps) - min(gaps) < 1e-12, f"the score is not PMI up to a constant: {gaps}"
    assert max(both, key=lambda pair: subwords.score(pair, both, single)) == ("##g", "##s")
