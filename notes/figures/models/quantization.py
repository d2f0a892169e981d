"""Uniform quantization: Jacob et al. 2017, arXiv 1712.05877, section 2.1 (scale and zero point); Dettmers et al. 2022,
arXiv 2208.07339, section 2 (absmax) and 3 (outlier columns). Groups, straight-through updates and 8-bit floats."""

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


def bits_per_weight(bits: int, group: int, scale_bits: int = 16, zero_bits: int = 0) -> float:
    """What a weight takes with a scale, and perhaps a zero point, for every group of weights."""
    return bits + (scale_bits + zero_bits) / group


def straight_through(w: float, step: float, moves: int, scale: float) -> list[float]:
    """The quantized weight after each of `moves` equal updates of the full-precision one behind it."""
    return [scale * float(np.rint((w + step * k) / scale)) for k in range(1, moves + 1)]


def float8(exponent_bits: int, mantissa_bits: int, infinities: bool) -> np.ndarray:
    """All finite values ≥ 0 of an 8-bit float, ascending. With infinities the highest exponent is kept for them and NaN,
    as IEEE 754 does (E5M2); without, only its last mantissa is NaN (E4M3): Micikevicius et al. 2022, arXiv 2209.05433, section 3."""
    bias, steps = 2 ** (exponent_bits - 1) - 1, 2**mantissa_bits
    values = [m / steps * 2.0 ** (1 - bias) for m in range(steps)]  # subnormal
    for exponent in range(1, 2**exponent_bits - infinities):
        values += [(1 + m / steps) * 2.0 ** (exponent - bias) for m in range(steps)]
    return np.array(values if infinities else values[:-1])
