"""Sinusoidal positions: Attention Is All You Need, arXiv 1706.03762, section 3.5."""

import numpy as np


def frequencies(d: int) -> np.ndarray:
    """ω_i = 10000^(−2i/d) in radians per position, for i = 0 … d/2 − 1. Shape (d/2,). `d` must be even."""
    if d < 2 or d % 2:
        raise ValueError(f"d = {d}: sine and cosine come in pairs, so d must be even")
    return 10000.0 ** (-np.arange(0, d, 2) / d)


def sinusoidal(n: int, d: int) -> np.ndarray:
    """PE[pos, 2i] = sin(pos·ω_i), PE[pos, 2i+1] = cos(pos·ω_i), for pos = 0 … n − 1. Shape (n, d)."""
    angles = np.arange(n)[:, None] * frequencies(d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d)


def shift(k: int, d: int) -> np.ndarray:
    """R_k: rotates the pair (sin, cos) number i by k·ω_i, so that PE(p+k) = R_k PE(p) for every p. Shape (d, d)."""
    rotation = np.zeros((d, d))
    for i, angle in enumerate(k * frequencies(d)):
        c, s = np.cos(angle), np.sin(angle)
        rotation[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    return rotation
