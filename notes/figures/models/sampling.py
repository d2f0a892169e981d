"""Decoding: temperature, top-k, top-p (Holtzman et al. 2019, arXiv 1904.09751, section 3), min-p (Nguyen et al. 2024,
2407.01082, section 3), constraints, and the repetition penalty (Keskar et al. 2019, 1909.05858, section 4.1)."""

import numpy as np

# Logits of one next token: a few good candidates, then a long flat tail. Fixed, so that notes can quote what comes out.
LOGITS = np.array([5.0, 4.4, 4.0, 3.2, 2.6, 1.8, 1.2, 0.6, 0.2, -0.2, -0.6, -1.0])


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """exp(z/T) / Σ exp(z/T) of a vector."""
    powers = np.exp((logits - logits.max()) / temperature)
    return powers / powers.sum()


def length_penalty(length: int, alpha: float) -> float:
    """What GNMT divides a sentence's log-probability by: Wu et al. 2016, arXiv 1609.08144, section 7."""
    return (5 + length) ** alpha / (5 + 1) ** alpha


def top_k(p: np.ndarray, k: int) -> np.ndarray:
    """True for the k most probable tokens."""
    keep = np.zeros(len(p), dtype=bool)
    keep[np.argsort(-p, kind="stable")[:k]] = True
    return keep


def top_p(p: np.ndarray, mass: float) -> np.ndarray:
    """True for the nucleus: the smallest set of most probable tokens whose mass reaches `mass`."""
    order = np.argsort(-p, kind="stable")
    before = np.cumsum(p[order]) - p[order]  # the mass of those ahead
    keep = np.zeros(len(p), dtype=bool)
    keep[order[before < mass - 1e-12]] = True
    return keep


def min_p(p: np.ndarray, base: float) -> np.ndarray:
    """True for the tokens that have at least `base` times the highest probability."""
    return p >= base * p.max() - 1e-12


def renormalized(p: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """`p` on the tokens kept, scaled to sum 1; 0 elsewhere."""
    return np.where(keep, p, 0) / p[keep].sum()


def penalized(logits: np.ndarray, seen: np.ndarray, theta: float) -> np.ndarray:
    """Logits of tokens already generated divided by θ: the paper's formula, which raises them if they are negative."""
    return np.where(seen, logits / theta, logits)


def penalized_by_sign(logits: np.ndarray, seen: np.ndarray, theta: float) -> np.ndarray:
    """As libraries do it: divided if positive, multiplied if negative, so that θ > 1 always lowers them."""
    return np.where(seen, np.where(logits > 0, logits / theta, logits * theta), logits)
