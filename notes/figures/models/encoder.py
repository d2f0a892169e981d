"""One post-norm encoder block without dropout and biases: Attention Is All You Need, arXiv 1706.03762, section 3.1."""

from dataclasses import dataclass

import numpy as np
from models.attention import softmax


@dataclass(frozen=True)
class Weights:
    """`query`, `key`, `value` and `out`: (d, d); `up`: (d, 4d); `down`: (4d, d). `heads` divides d."""

    heads: int
    query: np.ndarray
    key: np.ndarray
    value: np.ndarray
    out: np.ndarray
    up: np.ndarray
    down: np.ndarray


@dataclass(frozen=True)
class Trace:
    """What goes through a block: input, attention weights of each head, after the first norm, FFN's hidden layer, output."""

    x: np.ndarray
    attention: np.ndarray
    middle: np.ndarray
    hidden: np.ndarray
    output: np.ndarray


def random_weights(d: int, heads: int, seed: int) -> Weights:
    """Entries independent N(0, 1/rows)."""
    random = np.random.default_rng(seed)
    shapes = {"query": (d, d), "key": (d, d), "value": (d, d), "out": (d, d), "up": (d, 4 * d), "down": (4 * d, d)}
    return Weights(heads, **{name: random.normal(0, shape[0] ** -0.5, shape) for name, shape in shapes.items()})


def block(x: np.ndarray, weights: Weights) -> Trace:
    """LN(x + attention(x)), then LN(x + FFN(x)). `x`: (n, d)."""
    attended, attention = self_attention(x, weights)
    middle = layer_norm(x + attended)
    hidden = np.maximum(middle @ weights.up, 0)
    return Trace(x, attention, middle, hidden, layer_norm(middle + hidden @ weights.down))


def self_attention(x: np.ndarray, weights: Weights) -> tuple[np.ndarray, np.ndarray]:
    """The output (n, d), and the weights of each head (h, n, n)."""
    query, key, value = (split(x @ each, weights.heads) for each in (weights.query, weights.key, weights.value))
    attention = softmax(query @ key.swapaxes(1, 2) / np.sqrt(query.shape[-1]))
    return np.hstack(attention @ value) @ weights.out, attention


def split(x: np.ndarray, heads: int) -> np.ndarray:
    """(n, d) → (h, n, d/h)."""
    return np.stack(np.split(x, heads, axis=1))


def layer_norm(x: np.ndarray) -> np.ndarray:
    """Each row less its mean, divided by its standard deviation; γ = 1, β = 0, ε = 0."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / centred.std(axis=-1, keepdims=True)
