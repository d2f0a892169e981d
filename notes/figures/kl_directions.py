"""One peak fitted to two: what the direction of the divergence decides."""

from matplotlib.figure import Figure
from models import divergences
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, MUTED, ORANGE, SMALL, canvas

LABELS = {
    "zh": {
        "reverse": "反向 KL：挑一个峰",
        "teacher": "教师",
        "forward": "前向 KL：\n都盖住",
        "x": "输出（示意）",
        "y": "概率密度",
        "title": "学生只有一个峰时",
    },
    "en": {
        "reverse": "reverse KL: one mode",
        "teacher": "teacher",
        "forward": "forward KL:\ncovers both",
        "x": "output (schematic)",
        "y": "density",
        "title": "When the student has a single mode",
    },
}


@figure(
    alt="教师分布有左右两个峰（灰）。按前向 KL 拟合的单峰（橙）又宽又平，盖住两峰，也盖住中间的低谷；按反向 KL 拟合的单峰（蓝）"
    "只贴住较大的左峰。"
)
def kl_directions(distance: float = 2.0, deviation: float = 0.6, share: float = 0.6, lang: str = "zh") -> Figure:
    """The Gaussian with the least KL(p‖q), and the one with the least KL(q‖p), for a teacher p of two peaks.

    Source: Gu et al., arXiv 2306.08543.
    """
    labels = in_language(LABELS, lang)
    teacher = divergences.two_peaks(distance, deviation, share)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    axes.fill_between(divergences.GRID, teacher / divergences.STEP, color=MUTED, alpha=0.25, linewidth=0)
    axes.plot(divergences.GRID, teacher / divergences.STEP, color=MUTED, linewidth=1)
    for reverse, color, line in ((False, ORANGE, "--"), (True, BLUE, "-")):
        student = divergences.gaussian(*divergences.best_gaussian(teacher, reverse))
        axes.plot(divergences.GRID, student / divergences.STEP, line, color=color)
    axes.text(-1.05, 0.56, labels["reverse"], color=BLUE, ha="left", va="center")
    axes.text(2, 0.315, labels["teacher"], color=MUTED, ha="center", va="center", fontsize=SMALL + 1)
    axes.text(0.1, 0.27, labels["forward"], color=ORANGE, ha="center", va="center")
    axes.set(xlim=(-5, 5), ylim=(0, 0.72), yticks=[], xlabel=labels["x"], ylabel=labels["y"])
    axes.set_title(labels["title"])
    return drawing


@kl_directions.check
def _(distance: float, deviation: float, share: float, lang: str) -> None:
    teacher = divergences.two_peaks(distance, deviation, share)
    mean, spread = divergences.best_gaussian(teacher, reverse=False)
    # The forward fit has the teacher's mean and variance.
    first = float(teacher @ divergences.GRID)
    second = float(teacher @ divergences.GRID**2) - first**2
    assert abs(mean - first) < 0.02 and abs(spread**2 - second) < 0.05, f"fit {mean:.3f}, {spread**2:.3f}; moments {first:.3f}, {second:.3f}"
    # The reverse fit is the greater peak, at a cost of −ln of its share.
    mean, spread = divergences.best_gaussian(teacher, reverse=True)
    assert abs(mean + distance) < 0.02 and abs(spread - deviation) < 0.02, f"fit {mean:.3f}, {spread:.3f}"
    cost = divergences.kl(divergences.gaussian(mean, spread), teacher)
    assert abs(cost - divergences.kl(divergences.gaussian(-distance, deviation), teacher)) < 2e-3, f"costs {cost:.4f}"
