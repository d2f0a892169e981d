"""A matrix as memory: what linear attention writes into its state, and the delta rule. Schlag et al. 2021, arXiv 2102.11174,
section 4; with a decay, Gated DeltaNet: Yang et al. 2024, arXiv 2412.06464."""

import numpy as np


def write(state: np.ndarray, key: np.ndarray, value: np.ndarray, beta: float = 1.0, alpha: float = 1.0, correct: bool = True) -> np.ndarray:
    """αS + β kᵀ(v − k αS): what the key reads now is taken off before the value is added. Without `correct`, αS + β kᵀv.

    `state`: (d_k, d_v), read as `key @ state`; `key`: (d_k,), of length 1; `value`: (d_v,).
    """
    kept = alpha * state
    return kept + beta * np.outer(key, value - key @ kept if correct else value)


def unit_keys(n: int, d: int, random: np.random.Generator) -> np.ndarray:
    """n random directions. Shape (n, d)."""
    keys = random.standard_normal((n, d))
    return keys / np.linalg.norm(keys, axis=1, keepdims=True)


def rewriting(n: int, d: int, rounds: int, correct: bool, random: np.random.Generator) -> list[float]:
    """The relative error of reading all n keys after each round, where every round gives every key a new value."""
    keys, state, errors = unit_keys(n, d, random), np.zeros((d, d)), []
    for _ in range(rounds):
        values = random.standard_normal((n, d))
        for key, value in zip(keys, values, strict=True):
            state = write(state, key, value, correct=correct)
        errors.append(float(np.linalg.norm(keys @ state - values) / np.linalg.norm(values)))
    return errors
