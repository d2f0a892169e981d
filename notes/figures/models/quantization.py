"""Uniform quantization: Jacob et al. 2017, arXiv 1712.05877, section 2.1 (scale and zero point); Dettmers et al. 2022,
arXiv 2208.07339, section 2 (absmax) and 3 (outlier columns)."""

import numpy as np


def absmax(x: np.ndarray, bits: int, axis: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric codes in ±(2^(b−1) − 1) and their scale; one scale for all, or one for each line along `axis`."""
    top = 2 ** (bits - 1) - 1
    scale = np.abs(x).max(axis=axis, keepdims=True) / top
    return np.rint(x / scale).astype(int), scale


def affine(x: np.ndarray, bits: int) -> tuple[np.ndarray, float, int]:
    """Codes 0 … 2^b − 1, the scale S and the zero point Z, so that x ≈ S·(q − Z) and 0 is kept exactly."""
    low, high = min(0.0, float(x.min())), max(0.0, float(x.max()))
    scale = (high - low) / (2**bits - 1)
    zero = round(-low / scale)
    return np.clip(np.rint(x / scale) + zero, 0, 2**bits - 1).astype(int), scale, zero


def restored(codes: np.ndarray, scale, zero: int = 0) -> np.ndarray:
    return scale * (codes - zero)


def snr(x: np.ndarray, y: np.ndarray) -> float:
    """Signal to noise in decibels: 10·log10(Σx² / Σ(x−y)²)."""
    return float(10 * np.log10((x**2).sum() / ((x - y) ** 2).sum()))


def activations(rows: int, columns: int, outlier: float, seed: int = 2208) -> np.ndarray:
    """Standard normal, with one column `outlier` times as large. Shape (rows, columns)."""
    x = np.random.default_rng(seed).standard_normal((rows, columns))
    x[:, columns // 3] *= outlier
    return x
