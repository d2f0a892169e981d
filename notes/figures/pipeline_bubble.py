"""The idle corners of a pipeline, and how more micro-batches shrink them."""

import numpy as np
from matplotlib.figure import Figure
from models import pipelines
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, INK, MUTED, SMALL, canvas

GAP = 0.12  # between bars, in units of time: an edge in white would be a black frame at night

LABELS = {
    "zh": {"stage": "第 {} 级", "idle": "{} 个微批：空闲 {:.0f}%", "done": "{} 个单位时间\n就做完了", "time": "时间（只画前向）"},
    "en": {
        "stage": "stage {}",
        "idle": "$m$ = {}: {:.0f}% idle",
        "done": "done after\n{} time units",
        "time": "time (forward only)",
    },
}


@figure(
    alt="四级流水线的前向时间线。上：1 个大批，任何时刻只有一级在算，空闲 75%。下：切成 8 个微批，各级错开一拍，"
    "只有开头和结尾的三角形空着，空闲 27%。"
)
def pipeline_bubble(stages: int = 4, batches: int = 8, lang: str = "zh") -> Figure:
    """The forward pass of one batch, whole and cut into micro-batches; the time of a whole batch is the same.

    Source: Huang et al., GPipe, arXiv 1811.06965, section 2.3.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.4)
    panels = drawing.subplots(2, 1)
    for axes, count in zip(panels, (1, batches), strict=True):
        length = batches // count  # a micro-batch of 1/count of the batch takes that part of the time
        for stage, batch, start in pipelines.schedule(stages, count):
            axes.barh(stage, length - GAP, 0.8, left=start * length + GAP / 2, color=BLUE, linewidth=0)
            axes.text((start + 0.5) * length, stage, str(batch + 1), ha="center", va="center", color="white", fontsize=SMALL)
        end = (count + stages - 1) * length
        axes.set(ylim=(stages - 0.4, -0.6), xlim=(0, stages * batches), yticks=range(stages))
        axes.set_yticklabels([labels["stage"].format(n + 1) for n in range(stages)])
        axes.tick_params(axis="y", length=0)
        axes.set_title(labels["idle"].format(count, 100 * pipelines.bubble(stages, count)))
        if end < stages * batches:
            axes.text(end + 1, (stages - 1) / 2, labels["done"].format(end), va="center", fontsize=SMALL, color=INK)
    panels[1].set_xlabel(labels["time"], color=MUTED)
    return drawing


@pipeline_bubble.check
def _(stages: int, batches: int, lang: str) -> None:
    for count in (1, 2, batches, 4 * batches):
        tasks = pipelines.schedule(stages, count)
        start = {(stage, batch): at for stage, batch, at in tasks}
        end = max(start.values()) + 1
        busy = np.zeros((stages, end), dtype=int)
        for stage, batch, at in tasks:
            busy[stage, at] += 1
            assert stage == 0 or at > start[stage - 1, batch], f"stage {stage} starts micro-batch {batch} too early"
        assert busy.max() == 1, "one stage works on two micro-batches at once"
        idle = 1 - busy.mean()
        formula = pipelines.bubble(stages, count)
        assert abs(idle - formula) < 1e-12, f"{count} micro-batches: {idle:.4f} idle, formula {formula:.4f}"
