"""How many tokens one run of the large model yields when a small one drafts."""

import numpy as np
from matplotlib.figure import Figure
from models import speculative
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, ORANGE, canvas

RATES = ((0.6, ORANGE, "s--"), (0.8, BLUE, "o-"), (0.9, GREEN, "^-."))
DRAWS = 4000
P = np.array([0.5, 0.2, 0.15, 0.1, 0.05])
Q = np.array([0.3, 0.4, 0.1, 0.1, 0.1])

LABELS = {
    "zh": {"draft": r"每轮草稿的 token 数 $\gamma$", "tokens": "每次大模型前向得到的 token", "title": "草稿越准，一次前向产出越多"},
    "en": {
        "draft": r"drafted tokens per round $\gamma$",
        "tokens": "tokens per large-model pass",
        "title": "Better drafts, more tokens per forward pass",
    },
}


@figure(
    alt="横轴为每轮草稿的 token 数，纵轴为大模型每次前向得到的期望 token 数。接受率 0.6、0.8、0.9 的三条曲线"
    "先升后平，分别趋于 2.5、5、10；接受率 0.8、草稿 4 个时为 3.36。"
)
def speculative_tokens(gamma: int = 12, lang: str = "zh") -> Figure:
    """(1 − α^(γ+1)) / (1 − α) against γ for three acceptance rates.

    Source: Leviathan et al., arXiv 2211.17192, section 3.1.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.2)
    axes = drawing.subplots()
    drafts = np.arange(0, gamma + 1)
    for alpha, color, line in RATES:
        values = speculative.expected_tokens(alpha, drafts)
        axes.plot(drafts, values, line, color=color)
        axes.text(gamma + 0.3, values[-1], rf"$\alpha$ = {alpha:g}", color=color, va="center")
    point = speculative.expected_tokens(0.8, 4)
    axes.annotate(f"{point:.2f}", (4, point), (2.6, 5.0), color=BLUE, arrowprops={"arrowstyle": "-", "color": BLUE, "linewidth": 1})
    axes.set(xlabel=labels["draft"], ylabel=labels["tokens"], xlim=(-0.3, gamma + 2.9), ylim=(0, 8))
    axes.set_xticks(range(0, gamma + 1, 2))
    axes.grid(axis="y")
    axes.text(0.1, 7.1, r"$\frac{1-\alpha^{\gamma+1}}{1-\alpha}$", fontsize=16, va="center")
    axes.set_title(labels["title"])
    return drawing


@speculative_tokens.check
def _(gamma: int, lang: str) -> None:
    # The sum of the chances that the first 0, 1, … γ drafts are all kept.
    for alpha, _, _ in RATES:
        for n in range(gamma + 1):
            expected = sum(alpha**k for k in range(n + 1))
            value = speculative.expected_tokens(alpha, n)
            assert abs(value - expected) < 1e-9, f"α = {alpha}, γ = {n}: {value:.6f}, not {expected:.6f}"

    # One position: kept drafts plus what is drawn after a rejection make up p exactly, token by token.
    alpha = speculative.acceptance(P, Q)
    out = Q * speculative.accept(P, Q) + (1 - alpha) * speculative.residual(P, Q)
    error = np.abs(out - P).max()
    assert error < 1e-12, f"the distribution that comes out differs from the target's by {error:.1e}"
    assert abs(alpha - (1 - np.abs(P - Q).sum() / 2)) < 1e-12, "α is not one minus the total variation distance"

    # The algorithm itself, run: tokens a step, and the first token's distribution.
    random = np.random.default_rng(2211)
    runs = [speculative.step(P, Q, 4, random) for _ in range(DRAWS)]
    mean, expected = np.mean([len(run) for run in runs]), speculative.expected_tokens(alpha, 4)
    allowed = 5 * np.std([len(run) for run in runs]) / DRAWS**0.5
    assert abs(mean - expected) < allowed, f"{mean:.3f} tokens a step, not {expected:.3f} ± {allowed:.3f}"
    shares = np.bincount([run[0] for run in runs], minlength=len(P)) / DRAWS
    off = np.abs(shares - P).max()
    assert off < 5 * 0.5 / DRAWS**0.5, f"first tokens are off their probabilities by {off:.3f}"
