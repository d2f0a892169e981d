"""Loss against parameters and tokens: Hoffmann et al. 2022 (Chinchilla), arXiv 2203.15556, section 3.3; the new fit of
Besiroglu et al. 2024, arXiv 2404.10102."""

import numpy as np

# E, A, α, B, β of L = E + A/N^α + B/D^β.
HOFFMANN = (1.69, 406.4, 0.34, 410.7, 0.28)
BESIROGLU = (1.8172, 482.01, 0.3478, 2085.43, 0.3658)


def flops(parameters, tokens):
    """Training: C ≈ 6·N·D."""
    return 6 * parameters * tokens


def loss(n, d, fit):
    e, a, alpha, b, beta = fit
    return e + a / n**alpha + b / d**beta


def optimum(compute, fit):
    """N and D that minimise the loss under 6·N·D = C: N = G·(C/6)^(β/(α+β)), D = (C/6)^(α/(α+β))/G,
    G = (αA/βB)^(1/(α+β))."""
    _, a, alpha, b, beta = fit
    g = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
    budget = np.asarray(compute, dtype=float) / 6
    return g * budget ** (beta / (alpha + beta)), budget ** (alpha / (alpha + beta)) / g


def attention_flops(layers: int, width: int, length: int) -> int:
    """What the n×n part of attention adds to the 6·N of a token in training: 12·L·(H·d_head)·T. Chowdhery et al. 2022 (PaLM),
    arXiv 2204.02311, appendix B."""
    return 12 * layers * width * length


def utilization(parameters: float, tokens_per_second: float, devices: int, peak: float, attention: float = 0) -> float:
    """MFU: 6·N FLOP a token, and `attention` more, against the peak of all devices (same appendix)."""
    return (6 * parameters + attention) * tokens_per_second / (devices * peak)


def worth(epochs, repeats: float = 15.39):
    """How much new data so many epochs over the same data are worth: 1 + R*·(1 − exp(−(epochs − 1)/R*)). Muennighoff et al.
    2023, arXiv 2305.16264, section 3."""
    return 1 + repeats * -np.expm1(-(np.asarray(epochs, dtype=float) - 1) / repeats)
