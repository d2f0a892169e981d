"""Learning rates that rise first: the original Transformer's, and warm-up with cosine decay."""

import numpy as np
from matplotlib.figure import Figure
from models import schedules
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, ORANGE, SMALL, canvas

TOTAL = 20000

LABELS = {
    "zh": {
        "peak": "第 {} 步：{:.1f}",
        "original": r"原版 $\propto 1/\sqrt{t}$",
        "cosine": "余弦到 10%",
        "step": "步数 $t$",
        "rate": r"学习率（$10^{-4}$）",
        "title": "先升后降的学习率",
    },
    "en": {
        "peak": "step {}: {:.1f}",
        "original": r"Noam $\propto 1/\sqrt{t}$",
        "cosine": "cosine to 10%",
        "step": "step $t$",
        "rate": r"learning rate ($10^{-4}$)",
        "title": "The learning rate rises, then decays",
    },
}


@figure(
    alt="学习率随步数的曲线。原版 Transformer：线性升到第 4000 步的 7.0e-4，然后按步数的负二分之一次方下降。"
    "余弦：同样线性升到同一个峰值，再按半个余弦降到峰值的十分之一。"
)
def warmup_schedule(d_model: int = 512, warmup: int = 4000, lang: str = "zh") -> Figure:
    """The schedule of section 5.3 with d_model = 512, warmup = 4000, and a cosine of the same peak.

    Source: Vaswani et al., arXiv 1706.03762, section 5.3.
    """
    labels = in_language(LABELS, lang)
    step = np.arange(1, TOTAL + 1)
    peak = float(schedules.noam(warmup, d_model, warmup))
    drawing = canvas(3.0)
    axes = drawing.subplots()
    axes.plot(step, 1e4 * schedules.noam(step, d_model, warmup), color=BLUE)
    axes.plot(step, 1e4 * schedules.cosine(step, peak, warmup, TOTAL), "--", color=ORANGE)
    axes.axvline(warmup, color=MUTED, linewidth=1, linestyle=":")
    axes.text(warmup + 300, 1e4 * peak * 1.06, labels["peak"].format(warmup, 1e4 * peak), fontsize=SMALL, va="bottom")
    axes.text(TOTAL, 1e4 * peak * 0.56, labels["original"], color=BLUE, ha="right")
    axes.text(TOTAL * 0.79, 1e4 * peak * 0.12, labels["cosine"], color=ORANGE, ha="right")
    axes.set(xlabel=labels["step"], ylabel=labels["rate"], xlim=(0, TOTAL * 1.01), ylim=(0, 1e4 * peak * 1.22))
    axes.set_xticks([0, 4000, 10000, 20000])
    axes.grid(axis="y")
    axes.set_title(labels["title"])
    return drawing


@warmup_schedule.check
def _(d_model: int, warmup: int, lang: str) -> None:
    for t in (1, warmup // 2, warmup, 2 * warmup, TOTAL):
        # In two pieces, without a minimum.
        expected = t / (warmup * (d_model * warmup) ** 0.5) if t < warmup else 1 / (d_model * t) ** 0.5
        value = float(schedules.noam(t, d_model, warmup))
        assert abs(value - expected) < 1e-12, f"step {t}: {value:.3e}, not {expected:.3e}"
    steps = np.arange(1, TOTAL + 1)
    assert steps[np.argmax(schedules.noam(steps, d_model, warmup))] == warmup
    curve = schedules.cosine(steps, 1.0, warmup, TOTAL)
    assert abs(curve.max() - 1) < 1e-9 and abs(curve[-1] - 0.1) < 1e-9
    assert abs(curve[(warmup + TOTAL) // 2 - 1] - 0.55) < 1e-9, "halfway down the cosine is not halfway down"
    # The correction makes Adam's first step ±1 whatever the gradient; without it it is (1−β1)/√(1−β2) times as long.
    for g in (1e-6, -3.0):
        assert abs(abs(schedules.adam_updates([g])[0]) - 1) < 1e-9
        assert abs(abs(schedules.adam_updates([g], corrected=False)[0]) - 0.1 / 0.001**0.5) < 1e-9
