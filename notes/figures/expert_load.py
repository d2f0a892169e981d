"""Tokens of one batch on their experts, and those that find no room."""

import numpy as np
from matplotlib.figure import Figure
from models.experts import admitted, balance, capacity, route, skewed
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, INK, ORANGE, canvas

LABELS = {
    "zh": {"kept": "接收 ", "lost": "溢出 ", "room": "容量 ", "x": "专家", "y": "分到的 token", "title": "{tokens} 个 token，各选 {k} 个专家"},
    "en": {
        "kept": "taken ", "lost": "dropped ", "room": "capacity ", "x": "expert", "y": "tokens",
        "title": "{tokens} tokens choose {k} experts each",
    },
}


def loads(tokens: int, experts: int, k: int, factor: float) -> tuple[np.ndarray, np.ndarray, int]:
    """Choices of each expert that find room, those that do not, and the room."""
    chosen, _ = route(skewed(tokens, experts), k)
    room = capacity(tokens, experts, k, factor)
    taken = admitted(chosen, experts, room)
    return np.bincount(chosen[taken], minlength=experts), np.bincount(chosen[~taken], minlength=experts), room


@figure(alt="柱状图：64 个 token 各选 2 个专家，8 个专家的负载很不均。超过容量线的部分被丢弃，另一些专家大半空着。")
def expert_load(tokens: int = 64, experts: int = 8, k: int = 2, factor: float = 1.25, lang: str = "zh") -> Figure:
    """Load of each expert under a router without a balance loss; what exceeds the capacity is dropped."""
    labels = in_language(LABELS, lang)
    kept, lost, room = loads(tokens, experts, k, factor)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    places = np.arange(1, experts + 1)
    axes.bar(places, kept, 0.65, color=BLUE, label=f"{labels['kept']}{kept.sum()}")
    dropped = f"{labels['lost']}{lost.sum()}"
    axes.bar(places, lost, 0.65, bottom=kept, color=ORANGE, hatch="///", edgecolor="white", linewidth=0, label=dropped)
    axes.axhline(room, color=INK, linestyle="--", linewidth=1.2, label=f"{labels['room']}{room}")
    axes.set(xlabel=labels["x"], ylabel=labels["y"], xticks=places, ylim=(0, 1.45 * (kept + lost).max()))
    axes.set_title(labels["title"].format(tokens=tokens, k=k))
    axes.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.4)
    return drawing


@expert_load.check
def _(tokens: int, experts: int, k: int, factor: float, lang: str) -> None:
    logits = skewed(tokens, experts)
    chosen, gates = route(logits, k)
    kept, lost, room = loads(tokens, experts, k, factor)
    assert kept.sum() + lost.sum() == tokens * k, f"{kept.sum()} + {lost.sum()} choices, not {tokens * k}"
    # One choice at a time.
    left, expected = [room] * experts, [0] * experts
    for rank in range(k):
        for token in range(tokens):
            order = sorted(range(experts), key=lambda e, row=logits[token]: -row[e])
            expert = order[rank]
            assert chosen[token, rank] == expert, f"token {token} chose {chosen[token, rank]}, not {expert}"
            if left[expert]:
                left[expert] -= 1
                expected[expert] += 1
    assert kept.tolist() == expected, f"{kept.tolist()} found room, not {expected}"
    assert np.abs(gates.sum(axis=1) - 1).max() < 1e-12, "gates do not sum to 1"
    even = balance(np.eye(experts)[np.arange(8 * experts) % experts] * 1e-9)
    assert abs(even - 1) < 1e-6, f"a uniform router has the balance {even:.3f}, not 1"
    assert balance(logits) > 1.1, f"the skewed router has the balance {balance(logits):.3f}"
