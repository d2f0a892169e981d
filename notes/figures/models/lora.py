"""Low-rank adaptation: Hu et al. 2021, arXiv 2106.09685, section 4.1."""

import numpy as np


def pair(d_out: int, d_in: int, rank: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """B (d_out, r), zero; and A (r, d_in), random: at the start B·A is zero, but not A."""
    return np.zeros((d_out, rank)), random.standard_normal((rank, d_in)) / np.sqrt(d_in)


def gradients(upstream: np.ndarray, x: np.ndarray, a: np.ndarray, b: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """∂L/∂A and ∂L/∂B for y = (W + s·B·A)·x, with `upstream` = ∂L/∂y (d_out, n) and x (d_in, n)."""
    whole = scale * upstream @ x.T  # ∂L/∂(BA)
    return b.T @ whole, whole @ a.T


def parameters(d_out: int, d_in: int, rank: int) -> int:
    """r·(d_in + d_out), instead of d_in·d_out."""
    return rank * (d_in + d_out)
