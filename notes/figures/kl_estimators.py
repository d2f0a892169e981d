"""Three estimates of a KL divergence, sample by sample."""

import numpy as np
from matplotlib.figure import Figure
from models import policy_gradient, sampling
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, GREEN, INK, ORANGE, canvas

LABELS = {
    "zh": {
        "x": r"$\ln r$，$r=\pi_{\mathrm{ref}}/\pi$",
        "y": "一个样本的估计",
        "title": "$k_3$ 从不为负，$k_1$ 会",
    },
    "en": {
        "x": r"$\ln r$, $r=\pi_{\mathrm{ref}}/\pi$",
        "y": "estimate from one sample",
        "title": "$k_3$ is never negative, $k_1$ can be",
    },
}


@figure(
    alt="横轴为 ln r，纵轴为单个样本的估计值。k1 是过原点的直线，ln r 为正时是负的；k2 是抛物线；k3 在 0 附近与 k2 相切，"
    "处处不小于 0，右侧升得更快，左侧更慢。"
)
def kl_estimators(limit: float = 2.0, lang: str = "zh") -> Figure:
    """k1 = −ln r, k2 = (ln r)²/2 and k3 = r − 1 − ln r against ln r.

    Source: Schulman 2020, Approximating KL Divergence.
    """
    labels = in_language(LABELS, lang)
    drawing = canvas(3.0)
    axes = drawing.subplots()
    x = np.linspace(-limit, limit, 201)
    places = ((0.68 * limit, -0.42 * limit), (-0.92 * limit, 1.22 * limit), (0.62 * limit, 1.3 * limit))
    styles = ((ORANGE, "--"), (GREEN, "-."), (BLUE, "-"))
    for n, (values, (color, line), place) in enumerate(zip(policy_gradient.kl_estimates(x), styles, places, strict=True), 1):
        axes.plot(x, values, line, color=color)
        axes.text(*place, f"$k_{n}$", color=color, ha="center", va="center")
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set(xlabel=labels["x"], ylabel=labels["y"], xlim=(-limit, limit), ylim=(-limit, 1.6 * limit))
    axes.grid(axis="y")
    axes.set_title(labels["title"])
    return drawing


@kl_estimators.check
def _(limit: float, lang: str) -> None:
    k1, k2, k3 = policy_gradient.kl_estimates(np.linspace(-limit, limit, 201))
    assert k3.min() >= 0 and k2.min() >= 0 > k1.min(), f"lowest values {k1.min():.3f}, {k2.min():.3f}, {k3.min():.3f}"
    # Means over a policy on five tokens, against the sum that defines the divergence.
    random = np.random.default_rng(2020)
    for spread in (0.1, 1.0):
        policy, reference = (sampling.softmax(spread * random.standard_normal(5)) for _ in range(2))
        true = sum(float(p) * (float(np.log(p)) - float(np.log(q))) for p, q in zip(policy, reference, strict=True))
        means = [float(policy @ k) for k in policy_gradient.kl_estimates(np.log(reference / policy))]
        for n in (0, 2):
            assert abs(means[n] - true) < 1e-12, f"k{n + 1} has the mean {means[n]:.6f}, the divergence is {true:.6f}"
        assert abs(means[1] / true - 1) < spread, f"k2 has the mean {means[1]:.6f}, the divergence is {true:.6f}"
