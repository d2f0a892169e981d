"""DPO's loss, and how hard it pulls on a pair."""

import numpy as np
from matplotlib.figure import Figure
from models import preference
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, ORANGE, SMALL, canvas

LABELS = {
    "zh": {
        "loss": r"损失 $-\ln\sigma(m)$",
        "weight": r"梯度权重 $\sigma(-m)$",
        "wrong": "排错了",
        "right": "排对了",
        "x": "隐式奖励差 $m$",
        "title": "排错的一对，梯度最大",
    },
    "en": {
        "loss": r"loss $-\ln\sigma(m)$",
        "weight": r"weight $\sigma(-m)$",
        "wrong": "misranked",
        "right": "well ranked",
        "x": "implicit reward margin $m$",
        "title": "Misranked pairs pull the hardest",
    },
}


@figure(
    alt="横轴为好坏回答的隐式奖励差。DPO 损失随它增大而下降，在 0 处等于 ln 2；梯度权重从 1 降到 0，在 0 处等于 0.5："
    "排错的一对拉得最用力，已排对的几乎不动。"
)
def dpo_weight(limit: float = 5.0, lang: str = "zh") -> Figure:
    """−ln σ(m) and σ(−m) against the margin m.

    Source: Rafailov et al., arXiv 2305.18290, section 4.
    """
    labels = in_language(LABELS, lang)
    m = np.linspace(-limit, limit, 201)
    drawing = canvas(3.1)
    axes = drawing.subplots()
    axes.plot(m, preference.dpo_loss(m), color=BLUE)
    axes.plot(m, preference.weight(m), "--", color=ORANGE)
    axes.axvline(0, color=MUTED, linewidth=1, linestyle=":")
    axes.plot(0, np.log(2), "o", color=BLUE)
    axes.plot(0, 0.5, "s", color=ORANGE)
    axes.text(0.2, np.log(2) + 0.12, r"$\ln 2$", color=BLUE, va="bottom")
    axes.text(-3.1, 3.6, labels["loss"], color=BLUE, ha="left", va="bottom")
    axes.text(-limit + 0.2, 1.1, labels["weight"], color=ORANGE, ha="left", va="bottom")
    axes.text(-limit / 2, 5.15, labels["wrong"], ha="center", fontsize=SMALL, color=MUTED)
    axes.text(limit / 2, 5.15, labels["right"], ha="center", fontsize=SMALL, color=MUTED)
    axes.set(xlabel=labels["x"], xlim=(-limit, limit), ylim=(0, 5.6))
    axes.grid(axis="y")
    axes.set_title(labels["title"])
    return drawing


@dpo_weight.check
def _(limit: float, lang: str) -> None:
    # The weight is minus the slope of the loss.
    for m in np.linspace(-limit, limit, 21):
        slope = float(preference.dpo_loss(m + 1e-5) - preference.dpo_loss(m - 1e-5)) / 2e-5
        assert abs(slope + float(preference.weight(m))) < 1e-8, f"m = {m:.1f}: slope {slope:.6f}"

    # The closed form beats other policies on RLHF's objective, and by exactly β·KL.
    random = np.random.default_rng(2305)
    reference, reward, beta = random.dirichlet(np.ones(6)), random.standard_normal(6), 0.5
    best = preference.tilted(reference, reward, beta)
    top = preference.objective(best, reference, reward, beta)
    for _ in range(200):
        other = random.dirichlet(np.ones(6))
        gap = top - preference.objective(other, reference, reward, beta)
        kl = float((other * np.log(other / best)).sum())
        assert abs(gap - beta * kl) < 1e-9, f"the gap is {gap:.6f}, β·KL(π‖π*) is {beta * kl:.6f}"

    # Solved for the reward, differences of rewards come back; the normaliser cancels.
    implied = beta * np.log(best / reference)
    error = np.abs((implied[:, None] - implied) - (reward[:, None] - reward)).max()
    assert error < 1e-9, f"differences of implied rewards are off by {error:.1e}"
