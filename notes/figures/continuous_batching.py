"""Requests of different lengths in four slots: batch by batch, or each as soon as there is room."""

import numpy as np
from matplotlib.figure import Figure
from models import batching
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GRID, ORANGE, SMALL, canvas

LENGTHS = [3, 9, 4, 2, 8, 3, 5, 2, 6, 4, 2, 7]
SLOTS = 4
GAP = 0.1  # between bars, in steps: an edge in white would be a black frame at night

LABELS = {
    "zh": {"static": "静态批处理", "continuous": "连续批处理", "slot": "槽 {}", "title": "{}：{} 步，利用率 {:.0f}%", "step": "解码步（格内为请求编号）"},
    "en": {
        "static": "Static",
        "continuous": "Continuous",
        "slot": "slot {}",
        "title": "{}: {} steps, {:.0f}% utilization",
        "step": "decoding step (numbers are requests)",
    },
}


@figure(
    alt="12 个长短不一的请求在 4 个槽位上的时间线。上：静态批处理，每批等最长的一个，槽位大段空闲，24 步做完，利用率 57%。"
    "下：连续批处理，谁完成就换下一个，17 步做完，利用率 81%。"
)
def continuous_batching(lang: str = "zh") -> Figure:
    """Gantt charts of the same twelve requests.

    Source: Yu et al., Orca, OSDI 2022, section 3.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.9)
    panels = drawing.subplots(2, 1, sharex=True)
    longest = batching.makespan(batching.static(LENGTHS, SLOTS))
    for axes, plan, name, color in zip(
        panels, (batching.static, batching.continuous), ("static", "continuous"), (ORANGE, BLUE), strict=True
    ):
        tasks = plan(LENGTHS, SLOTS)
        end = batching.makespan(tasks)
        for number, (slot, start, length) in enumerate(tasks, 1):
            axes.barh(slot, length - GAP, 0.78, left=start + GAP / 2, color=color, linewidth=0)
            axes.text(start + length / 2, slot, str(number), ha="center", va="center", color="white", fontsize=SMALL)
        axes.axvline(end, color=GRID, linewidth=1.2, linestyle="--")
        axes.set(ylim=(SLOTS - 0.4, -0.6), yticks=range(SLOTS), xlim=(0, longest + 0.4))
        axes.set_yticklabels([labels["slot"].format(n + 1) for n in range(SLOTS)])
        axes.tick_params(axis="y", length=0)
        axes.set_title(labels["title"].format(labels[name], end, 100 * batching.utilization(tasks, SLOTS)))
    panels[-1].set_xlabel(labels["step"])
    return drawing


@continuous_batching.check
def _(lang: str) -> None:
    for plan in (batching.static, batching.continuous):
        tasks = plan(LENGTHS, SLOTS)
        # Step by step: a slot holds one request at a time, and every request gets all of its steps.
        busy = np.zeros((SLOTS, batching.makespan(tasks)), dtype=int)
        for slot, start, length in tasks:
            busy[slot, start : start + length] += 1
        assert busy.max() == 1, "two requests in one slot"
        assert busy.sum() == sum(LENGTHS), f"{busy.sum()} slot-steps, not {sum(LENGTHS)}"
        assert abs(busy.mean() - batching.utilization(tasks, SLOTS)) < 1e-12

    # Continuous batching by simulation: a queue, four slots, one token a step.
    queue, slots, steps = list(LENGTHS), [0] * SLOTS, 0
    while queue or any(slots):
        slots = [left or (queue.pop(0) if queue else 0) for left in slots]
        slots = [max(0, left - 1) for left in slots]
        steps += 1
    found = batching.makespan(batching.continuous(LENGTHS, SLOTS))
    assert steps == found, f"the simulation takes {steps} steps, the plan {found}"
    assert found >= sum(LENGTHS) / SLOTS
