"""Mixture of experts: Switch Transformers, arXiv 2101.03961, section 2; Mixtral, 2401.04088, section 2."""

import numpy as np
from models.attention import softmax


def route(logits: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k best experts of each token, best first, and their gates: softmax over those k. Shapes (tokens, k)."""
    chosen = np.argsort(-logits, axis=1, kind="stable")[:, :k]
    return chosen, softmax(np.take_along_axis(logits, chosen, axis=1))


def capacity(tokens: int, experts: int, k: int, factor: float) -> int:
    """How many tokens an expert takes at most."""
    return int(factor * tokens * k / experts)


def admitted(chosen: np.ndarray, experts: int, room: int) -> np.ndarray:
    """Which choices find room: every token's first choice before any second one, then in order. Shape of `chosen`."""
    order = chosen.T.ravel()
    rank = np.cumsum(np.eye(experts, dtype=int)[order], axis=0)[np.arange(len(order)), order]
    return (rank <= room).reshape(chosen.T.shape).T


def balance(logits: np.ndarray) -> float:
    """N Σ f_i P_i: f_i the share of tokens whose best expert is i, P_i the mean probability of i. 1 when uniform."""
    n = logits.shape[1]
    share = np.bincount(logits.argmax(axis=1), minlength=n) / len(logits)
    return float(n * share @ softmax(logits).mean(axis=0))


def skewed(tokens: int, experts: int, seed: int = 1706) -> np.ndarray:
    """Router logits of an untamed router: every expert has a popularity of its own. Shape (tokens, experts)."""
    random = np.random.default_rng(seed)
    return random.standard_normal((tokens, experts)) + np.linspace(0.9, -0.9, experts)[random.permutation(experts)]
