"""Muon's orthogonalised update: Jordan et al. 2024 (kellerjordan.github.io/posts/muon). The size of a step by width: Yang et
al. 2022 (μP), arXiv 2203.03466."""

import numpy as np

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def scalar(s, steps: int = 5):
    """What `steps` Newton–Schulz iterations make of singular values between 0 and 1: s ← a·s + b·s³ + c·s⁵."""
    a, b, c = COEFFICIENTS
    s = np.asarray(s, dtype=float)
    for _ in range(steps):
        s = a * s + b * s**3 + c * s**5
    return s


def orthogonalized(momentum: np.ndarray, steps: int = 5) -> np.ndarray:
    """The same by matrix products alone, from the momentum divided by its Frobenius norm."""
    a, b, c = COEFFICIENTS
    x = momentum / np.linalg.norm(momentum)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x


def change_of_output(width: int, rate: float, random: np.random.Generator) -> float:
    """Mean |Δy| of one linear layer after a first step of Adam, sign(gradient)·rate, on one input of `width` entries."""
    x, upstream = random.standard_normal(width), random.standard_normal(64)
    return float(np.abs(rate * np.sign(np.outer(upstream, x)) @ x).mean())
