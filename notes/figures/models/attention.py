"""Scaled dot-product attention of one query: Attention Is All You Need, arXiv 1706.03762, section 3.2.1."""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """exp(x) / Σ exp(x) along the last axis. Any shape; the maximum is taken off first, so nothing overflows."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def entropy(weights: np.ndarray) -> np.ndarray:
    """Shannon entropy in nats along the last axis; 0·log 0 counts as 0."""
    return -(weights * np.log(np.where(weights > 0, weights, 1.0))).sum(axis=-1)


def dot_products(d_k: int, n: int, draws: int, seed: int) -> np.ndarray:
    """q·k of a query with each of n keys, all components independent N(0, 1); one row a draw. Shape (draws, n)."""
    random = np.random.default_rng([seed, d_k, n])
    return np.array([random.standard_normal((n, d_k)) @ random.standard_normal(d_k) for _ in range(draws)])
