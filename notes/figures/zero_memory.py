"""What each stage of ZeRO leaves on a device."""

from fractions import Fraction

from matplotlib.figure import Figure
from models import training_memory as memory
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, SMALL, TICK, canvas

PARTS = (("parameters", BLUE, ""), ("gradients", ORANGE, "///"), ("optimizer", GREEN, "..."))

LABELS = {
    "zh": {
        "parameters": "参数 2 B",
        "gradients": "梯度 2 B",
        "optimizer": "优化器 12 B",
        "whole": "数据并行",
        "state": "每张卡的模型状态（GB）",
        "title": "{:g} B 参数，{} 张卡",
    },
    "en": {
        "parameters": "parameters 2 B",
        "gradients": "gradients 2 B",
        "optimizer": "optimizer 12 B",
        "whole": "data parallel",
        "state": "model state per device (GB)",
        "title": "{:g}B parameters, {} devices",
    },
}


@figure(
    alt="75 亿参数、64 张卡时每卡显存的堆叠条形图：数据并行 120 GB，ZeRO-1 切优化器状态后 31.4 GB，"
    "ZeRO-2 再切梯度后 16.6 GB，ZeRO-3 再切参数后 1.9 GB。"
)
def zero_memory(billions: float = 7.5, devices: int = 64, lang: str = "zh") -> Figure:
    """Bytes of weights, gradients and optimizer state a device, by stage.

    Source: Rajbhandari et al., arXiv 1910.02054, figure 1 and section 5.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(2.9)
    axes = drawing.subplots()
    stages = range(len(memory.STAGES))
    left = [0.0] * len(memory.STAGES)
    for n, (part, color, hatch) in enumerate(PARTS):
        sizes = [memory.shares(billions, devices, stage)[n] for stage in stages]
        axes.barh(stages, sizes, 0.6, left=left, color=color, label=labels[part], hatch=hatch, edgecolor="white", linewidth=0)
        left = [a + b for a, b in zip(left, sizes, strict=True)]
    for stage, total in enumerate(left):
        axes.text(total + 1.5, stage, f"{total:.1f} GB" if total < 100 else f"{total:.0f} GB", va="center", fontsize=TICK)
    axes.set_yticks(stages, (labels["whole"], *memory.STAGES[1:]))
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.set(xlabel=labels["state"], xlim=(0, max(left) * 1.22))
    axes.legend(loc="lower right", fontsize=SMALL, borderaxespad=0)
    axes.set_title(labels["title"].format(billions, devices))
    return drawing


@zero_memory.check
def _(billions: float, devices: int, lang: str) -> None:
    psi, n = Fraction(billions), devices
    # The formulas of the paper's section 5, with K = 12.
    expected = (16 * psi, 4 * psi + 12 * psi / n, 2 * psi + 14 * psi / n, 16 * psi / n)
    for stage, total in enumerate(expected):
        found = sum(memory.shares(billions, devices, stage))
        assert abs(found - float(total)) < 1e-9, f"stage {stage}: {found:.3f} GB, not {float(total):.3f}"
    # All devices together hold at least one whole copy; stage 3 exactly one.
    assert abs(n * sum(memory.shares(billions, devices, 3)) - 16 * billions) < 1e-9
