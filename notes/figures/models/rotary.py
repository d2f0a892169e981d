"""Rotary positions and their stretching, and linear biases.

RoFormer, arXiv 2104.09864; ALiBi, 2108.12409; Position Interpolation, 2306.15595; YaRN, 2309.00071.
"""

import numpy as np
from models.positions import frequencies


def rotate(x: np.ndarray, positions: np.ndarray, turning: np.ndarray | None = None) -> np.ndarray:
    """Turn the pair (2i, 2i+1) of row m by positions[m]·ω_i. `x`: (n, d); `turning`: other frequencies, (d/2,)."""
    angles = np.asarray(positions)[:, None] * (frequencies(x.shape[1]) if turning is None else turning)
    even, odd, c, s = x[:, 0::2], x[:, 1::2], np.cos(angles), np.sin(angles)
    return np.stack([even * c - odd * s, even * s + odd * c], axis=-1).reshape(x.shape)


def rotate_halves(x: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """The same with pairs (i, i + d/2), as much code has it."""
    half = x.shape[1] // 2
    angles = np.asarray(positions)[:, None] * frequencies(x.shape[1])
    first, second, c, s = x[:, :half], x[:, half:], np.cos(angles), np.sin(angles)
    return np.hstack([first * c - second * s, first * s + second * c])


def slopes(h: int) -> np.ndarray:
    """ALiBi's slope of each head, h a power of two: 2^(−8/h), and on by the same factor."""
    return 2.0 ** (-8 / h * np.arange(1, h + 1))


def turns(d: int, length: int) -> np.ndarray:
    """How often each pair goes round over `length` positions. Shape (d/2,)."""
    return length * frequencies(d) / (2 * np.pi)


def interpolated(d: int, s: float) -> np.ndarray:
    """Position Interpolation: all frequencies divided by s."""
    return frequencies(d) / s


def new_base(d: int, s: float, base: float = 10000.0) -> float:
    """"NTK-aware" interpolation: the base that divides the lowest frequency by s and leaves the highest."""
    return base * s ** (d / (d - 2))


def by_parts(d: int, s: float, length: int, low: float = 1.0, high: float = 32.0) -> np.ndarray:
    """YaRN's frequencies: pairs with over `high` turns in training stay, those under `low` are divided by s."""
    stay = np.clip((turns(d, length) - low) / (high - low), 0, 1)
    return frequencies(d) * (stay + (1 - stay) / s)
