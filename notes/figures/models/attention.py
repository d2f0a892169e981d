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


def attend(q: np.ndarray, k: np.ndarray, v: np.ndarray, keep: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """softmax(q kᵀ / √d_k) v and the weights; `keep` is false where a key must not be seen. Leading axes broadcast."""
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if keep is not None:
        scores = np.where(keep, scores, -np.inf)
    weights = softmax(scores)
    return weights @ v, weights
