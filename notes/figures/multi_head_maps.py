"""Four heads on one sentence: every head has weights of its own."""

import numpy as np
from matplotlib.figure import Figure
from models.heads import SENTENCE, WORDS, made_by_hand, multi_head, sentence
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import SEQUENTIAL, SMALL, TEXT, canvas

LABELS = {
    "zh": {"words": SENTENCE, "titles": ("头 1：前一个词", "头 2：代词找动物", "头 3：动词找名词", "头 4：不挑，取平均")},
    "en": {
        "words": ("kitten", "didn't", "eat", "fish", "because", "it", "slept"),
        "titles": ("head 1: previous word", "head 2: it → kitten", "head 3: verb → nouns", "head 4: uniform"),
    },
}


@figure(
    alt="同一句话的四张注意力热图，行是查询，列是键：头 1 每个词看前一个词，头 2 的「它」看「小猫」，"
    "头 3 的动词看两个名词，头 4 均匀。"
)
def multi_head_maps(strength: float = 60.0, lang: str = "zh") -> Figure:
    """The weights of four heads whose W^Q and W^K are set by hand, `strength` being how sharply they look.

    Source: Attention Is All You Need, arXiv 1706.03762, section 3.2.2.
    """
    labels = in_language(LABELS, lang)
    weights = multi_head(sentence(), made_by_hand(strength), 4)[1]
    drawing = canvas(4.5)
    places, words = np.arange(len(SENTENCE)), labels["words"]
    for head, (axes, title) in enumerate(zip(drawing.subplots(2, 2).flat, labels["titles"], strict=True)):
        axes.imshow(weights[head], cmap=SEQUENTIAL, vmin=0, vmax=1)
        axes.set_title(title, fontsize=TEXT)
        axes.set_xticks(places, words if head > 1 else [""] * len(places), rotation=90, fontsize=SMALL)
        axes.set_yticks(places, words if head % 2 == 0 else [""] * len(places), fontsize=SMALL)
        axes.tick_params(length=0)
    return drawing


@multi_head_maps.check
def _(strength: float, lang: str) -> None:
    x, (w_q, w_k, w_v, w_o), h = sentence(), made_by_hand(strength), 4
    together, weights = multi_head(x, (w_q, w_k, w_v, w_o), h)
    size = w_q.shape[1] // h

    # Word by word and head by head, each head through its own rows of W^O, summed.
    apart = np.zeros_like(together)
    for head in range(h):
        part = slice(head * size, (head + 1) * size)
        for i, word in enumerate(x):
            scores = [(word @ w_q[:, part]) @ (other @ w_k[:, part]) / size**0.5 for other in x]
            powers = np.exp(np.array(scores) - max(scores))
            row = powers / powers.sum()
            error = np.abs(row - weights[head, i]).max()
            assert error < 1e-9, f"weights of head {head}, word {i} differ by {error:.1e}"
            apart[i] += sum(w * (other @ w_v[:, part]) for w, other in zip(row, x, strict=True)) @ w_o[part]
    error = np.abs(together - apart).max() / np.abs(together).max()
    assert error < 1e-9, f"concat(heads)·W^O differs from the sum over heads by {error:.1e}"

    error = np.abs(weights.sum(axis=-1) - 1).max()
    assert error < 1e-12, f"rows sum to 1 ± {error:.1e}"
    pronoun, animal = WORDS.index("pronoun"), WORDS.index("animal")
    assert weights[1, pronoun, animal] > 0.9, f"the pronoun gives its animal only {weights[1, pronoun, animal]:.2f}"
    assert (weights[0, 1:].argmax(axis=1) == np.arange(len(x) - 1)).all(), "head 1 does not look at the word before"
