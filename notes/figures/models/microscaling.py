"""4-bit floats in blocks: MXFP4 (OCP Microscaling, Rouhani et al. 2023, arXiv 2310.10537) and NVFP4 (NVIDIA 2025, arXiv 2509.25149)."""

import numpy as np

E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6])
TOP = 6.0


def nearest(x: np.ndarray) -> np.ndarray:
    """The nearest E2M1 value, sign kept; beyond 6 it stays at 6."""
    return np.sign(x) * E2M1[np.abs(np.abs(x)[..., None] - E2M1).argmin(axis=-1)]


def e4m3(x: np.ndarray) -> np.ndarray:
    """Positive numbers rounded to E4M3: three bits after the leading one, at most 448, steps of 2⁻⁹ below 2⁻⁶."""
    exponent = np.maximum(np.floor(np.log2(np.maximum(x, 1e-30))), -6)
    step = 2.0 ** (exponent - 3)
    return np.minimum(np.rint(x / step) * step, 448.0)


def mxfp4(x: np.ndarray, block: int = 32) -> np.ndarray:
    """Restored numbers: a block shares the power of two that puts its largest entry into 4 … 8, as the standard says."""
    parts = x.reshape(-1, block)
    scale = 2.0 ** (np.floor(np.log2(np.abs(parts).max(axis=1, keepdims=True))) - 2)
    return (scale * nearest(parts / scale)).reshape(x.shape)


def nvfp4(x: np.ndarray, block: int = 16) -> np.ndarray:
    """Restored numbers: a block's scale max/6 is itself rounded to E4M3, below one scale in fp32 for the tensor."""
    parts = x.reshape(-1, block)
    tensor = np.abs(x).max() / (TOP * 448)
    scale = tensor * np.maximum(e4m3(np.abs(parts).max(axis=1, keepdims=True) / TOP / tensor), 2.0**-9)
    return (scale * nearest(parts / scale)).reshape(x.shape)


def bits(block: int, scale_bits: int = 8) -> float:
    """A number's share of its block."""
    return 4 + scale_bits / block
