"""Attention in less than n² steps: Linformer, arXiv 2006.04768; Performer, 2009.14794; linear attention, 2006.16236."""

import numpy as np
from models.attention import softmax


def attention_matrix(n: int, d: int, correlation: float, random: np.random.Generator) -> np.ndarray:
    """Weights of a random head over n words; neighbours' vectors have the given correlation (0: independent)."""
    x = random.standard_normal((n, d))
    for i in range(1, n):
        x[i] = correlation * x[i - 1] + np.sqrt(1 - correlation**2) * x[i]
    w_q, w_k = random.standard_normal((2, d, d)) / np.sqrt(d)
    return softmax((x @ w_q) @ (x @ w_k).T / np.sqrt(d))


def mass(matrix: np.ndarray) -> np.ndarray:
    """Cumulative share of the singular values, largest first."""
    values = np.linalg.svd(matrix, compute_uv=False)
    return np.cumsum(values) / values.sum()


def gaussian(m: int, d: int, random: np.random.Generator) -> np.ndarray:
    """m independent directions N(0, I). Shape (m, d)."""
    return random.standard_normal((m, d))


def orthogonal(m: int, d: int, random: np.random.Generator) -> np.ndarray:
    """m directions, each N(0, I) by itself, orthogonal within blocks of d. Shape (m, d).

    QR makes a uniformly distributed rotation only when the signs of R's diagonal are put right.
    """
    q, r = np.linalg.qr(random.standard_normal((-(-m // d), d, d)))
    rows = q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :]
    return rows.reshape(-1, d)[:m] * np.sqrt(random.chisquare(d, (m, 1)))


def features(x: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Positive features φ(x) = exp(ω·x − ‖x‖²/2)/√m, for which the mean of φ(q)·φ(k) is exp(q·k).

    `x`: (n, d); `directions`: (…, m, d); the result: (…, n, m).
    """
    exponents = x @ directions.swapaxes(-1, -2) - (x**2).sum(axis=1, keepdims=True) / 2
    return np.exp(exponents) / np.sqrt(directions.shape[-2])


def squared_error(q: np.ndarray, k: np.ndarray, directions: np.ndarray) -> float:
    """Mean over rows, and over sets of directions, of (φ(q)·φ(k) / exp(q·k) − 1)². `q`, `k`: (n, d)."""
    estimates = (features(q, directions) * features(k, directions)).sum(axis=-1)
    return float(((estimates / np.exp((q * k).sum(axis=1)) - 1) ** 2).mean())


def linear_attention(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Causal attention with weights φ(q)·φ(k), as a recurrence over a state of fixed size. `q`, `k` ≥ 0: (n, m)."""
    state, norm, out = np.zeros((q.shape[1], v.shape[1])), np.zeros(q.shape[1]), []
    for query, key, value in zip(q, k, v, strict=True):
        state, norm = state + np.outer(key, value), norm + key
        out.append(query @ state / (query @ norm))
    return np.array(out)
