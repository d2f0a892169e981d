"""The parts of a Transformer layer: normalisation, activations, feed-forward network, residual connections."""

import math

import numpy as np
from models.heads import multi_head, random_weights

EPSILON = 1e-5


def layer_norm(x: np.ndarray) -> np.ndarray:
    """Mean 0 and variance 1 over the last axis: Layer Normalization, arXiv 1607.06450, section 3; no gain, no bias."""
    return standardize(x, -1)


def batch_norm(x: np.ndarray) -> np.ndarray:
    """Mean 0 and variance 1 over all axes but the last, as in training."""
    return standardize(x, tuple(range(x.ndim - 1)))


def standardize(x: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    mean, variance = x.mean(axis, keepdims=True), x.var(axis, keepdims=True)
    return (x - mean) / np.sqrt(variance + EPSILON)


def rms_norm(x: np.ndarray) -> np.ndarray:
    """x / √(mean x²): Root Mean Square Layer Normalization, arXiv 1910.07467, section 4; no gain."""
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + EPSILON)


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def gelu(x: np.ndarray) -> np.ndarray:
    """x Φ(x), exactly: Gaussian Error Linear Units, arXiv 1606.08415, section 2."""
    return x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2


def silu(x: np.ndarray) -> np.ndarray:
    """x σ(x), which is Swish with β = 1. Never overflows."""
    return x * (1 + np.tanh(x / 2)) / 2


def ffn(x: np.ndarray, w: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """max(0, x W₁) W₂: Attention Is All You Need, arXiv 1706.03762, section 3.3; no biases."""
    return relu(x @ w[0]) @ w[1]


def swiglu(x: np.ndarray, w: tuple[np.ndarray, np.ndarray, np.ndarray]) -> np.ndarray:
    """(SiLU(x W) ⊙ x V) W₂: GLU Variants Improve Transformer, arXiv 2002.05202, section 2."""
    return (silu(x @ w[0]) * (x @ w[1])) @ w[2]


def random_ffn(d: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """W₁ (d, 4d) and W₂ (4d, d) such that inputs of variance 1 give outputs of variance 1."""
    return random.standard_normal((d, 4 * d)) * np.sqrt(2 / d), random.standard_normal((4 * d, d)) / np.sqrt(4 * d)


class Stack:
    """Encoder layers with random weights; `placement` says where the normalisation stands.

    "post": x ← LN(x + f(x)). "pre": x ← x + f(LN(x)). "none": x ← LN(f(x)), that is, without residual connections.
    """

    def __init__(self, layers: int, d: int, h: int, placement: str, seed: int):
        random = np.random.default_rng(seed)
        self.h, self.placement = h, placement
        self.weights = [(random_weights(d, random), random_ffn(d, random)) for _ in range(layers)]

    def run(self, x: np.ndarray) -> list[np.ndarray]:
        """The input, and what each layer makes of it. Shapes (n, d)."""
        states = [x]
        for attention, feed_forward in self.weights:
            x = self.add(x, lambda y, w=attention: multi_head(y, w, self.h)[0])
            x = self.add(x, lambda y, w=feed_forward: ffn(y, w))
            states.append(x)
        return states

    def add(self, x: np.ndarray, sublayer) -> np.ndarray:
        match self.placement:
            case "post":
                return layer_norm(x + sublayer(x))
            case "pre":
                return x + sublayer(layer_norm(x))
            case _:
                return layer_norm(sublayer(x))


def difference(x: np.ndarray) -> float:
    """How different the rows are: ‖X − mean row‖ / ‖X‖, which is 0 when all rows are the same."""
    return float(np.linalg.norm(x - x.mean(axis=0)) / np.linalg.norm(x))
