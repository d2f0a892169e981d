"""Softmax in one pass over tiles: Online normalizer calculation, arXiv 1805.02867; FlashAttention, 2205.14135, section 3.1."""

import numpy as np


def running(scores: np.ndarray, tile: int) -> list[tuple[float, float]]:
    """After each tile of the row `scores`: its maximum so far, and the sum of exp(s − maximum) so far."""
    top, total, steps = -np.inf, 0.0, []
    for start in range(0, len(scores), tile):
        part = scores[start : start + tile]
        higher = max(top, part.max())
        total = total * np.exp(top - higher) + np.exp(part - higher).sum()
        top = higher
        steps.append((float(top), float(total)))
    return steps


def tiled_attention(q: np.ndarray, k: np.ndarray, v: np.ndarray, tile: int) -> np.ndarray:
    """softmax(q kᵀ/√d) v without ever holding more than `tile` columns of the scores. Shapes (n, d)."""
    n, d = q.shape
    top, total, out = np.full((n, 1), -np.inf), np.zeros((n, 1)), np.zeros((n, v.shape[1]))
    for start in range(0, len(k), tile):
        scores = q @ k[start : start + tile].T / np.sqrt(d)
        higher = np.maximum(top, scores.max(axis=1, keepdims=True))
        powers, shrink = np.exp(scores - higher), np.exp(top - higher)
        total = total * shrink + powers.sum(axis=1, keepdims=True)
        out = out * shrink + powers @ v[start : start + tile]
        top = higher
    return out / total
