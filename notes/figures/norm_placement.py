"""Pre-norm and post-norm at initialisation: how large the stream gets, how much of the direct path is left."""

import numpy as np
from matplotlib.figure import Figure
from models.block import Stack, layer_norm
from models.languages import in_language

from deckgen.figures import figure
from deckgen.figures.style import BLUE, ORANGE, canvas

LABELS = {
    "zh": {"stream": "残差流的标准差", "title": "随机初始化时", "x": "第几层之后", "path": "恒等通路的系数"},
    "en": {"stream": "std. dev. of stream", "title": "At random initialization", "x": "after layer", "path": "identity path"},
}
D, HEADS, N, SEED = 64, 4, 32, 2002


def measure(layers: int, placement: str) -> tuple[list[float], list[float]]:
    """After each layer: standard deviation of the stream, and the product of the factors 1/σ on the direct path."""
    random = np.random.default_rng(SEED)
    stack, factor = Stack(layers, D, HEADS, placement, SEED), 1.0
    factors: list[float] = [1.0]
    plain = stack.add

    def watched(x: np.ndarray, sublayer) -> np.ndarray:
        nonlocal factor
        if placement == "post":
            factor /= float((x + sublayer(x)).std(axis=-1).mean())
        factors.append(factor)
        return plain(x, sublayer)

    stack.add = watched
    states = stack.run(layer_norm(random.standard_normal((N, D))))
    return [float(x.std()) for x in states], factors[::2]


@figure(
    alt="随机初始化时。上：pre-norm 的残差流随层数变大，post-norm 每层都归一化到 1。"
    "下：从输入直达第 l 层的恒等通路，pre-norm 的系数恒为 1，post-norm 按指数衰减。"
)
def norm_placement(layers: int = 12, lang: str = "zh") -> Figure:
    """Both against depth for both placements."""
    labels = in_language(LABELS, lang)
    drawing = canvas(4.2)
    top, bottom = drawing.subplots(2, 1, sharex=True)
    for placement, style, color, name in (("pre", "o-", BLUE, "pre-norm"), ("post", "s--", ORANGE, "post-norm")):
        for axes, values in zip((top, bottom), measure(layers, placement), strict=True):
            axes.plot(values, style, color=color, label=name)
    top.set(ylabel=labels["stream"], title=labels["title"], ylim=(0, None))
    top.legend(loc="upper left")
    bottom.set(xlabel=labels["x"], ylabel=labels["path"], yscale="log")
    for axes in (top, bottom):
        axes.grid(axis="y")
    drawing.align_ylabels()
    return drawing


@norm_placement.check
def _(layers: int, lang: str) -> None:
    spread, factors = measure(layers, "post")
    assert np.abs(np.array(spread) - 1).max() < 1e-3, f"post-norm states have deviations {min(spread):.3f} to {max(spread):.3f}"
    assert factors[-1] < 0.7 ** layers, f"the direct path of post-norm keeps {factors[-1]:.1e}"
    grown, ones = measure(layers, "pre")
    assert set(ones) == {1.0}, "pre-norm scales its direct path"
    # Sublayers of variance near 1 or less that add up independently: the variance grows, at most by one a sublayer.
    variances = np.diff(np.square(grown))
    assert variances.min() > 0 and variances.max() < 3, f"a pre-norm layer adds {variances.min():.2f} to {variances.max():.2f}"
    # The factor 1/σ of a LayerNorm is its derivative along a direction that moves neither mean nor length.
    random = np.random.default_rng(SEED)
    x = random.standard_normal(D) * 1.7
    basis, _ = np.linalg.qr(np.stack([np.ones(D), x - x.mean(), random.standard_normal(D)], axis=1))
    step = basis[:, 2] * 1e-6
    ratio = np.linalg.norm(layer_norm(x + step) - layer_norm(x - step)) / 2e-6 * x.std()
    assert abs(ratio - 1) < 1e-3, f"the derivative of LayerNorm is {ratio:.4f}/σ"
