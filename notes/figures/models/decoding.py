"""A small decoder that counts its multiply-adds, with and without a cache of keys and values."""

import numpy as np
from models.attention import softmax
from models.block import layer_norm, random_ffn, relu
from models.heads import random_weights


class Decoder:
    """Pre-norm causal layers with random weights, one head. `macs` counts the multiply-adds of all matrix products."""

    def __init__(self, layers: int, d: int, seed: int = 1706):
        random = np.random.default_rng(seed)
        self.weights = [(random_weights(d, random), random_ffn(d, random)) for _ in range(layers)]
        self.macs = 0

    def times(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        self.macs += a.shape[0] * a.shape[1] * b.shape[1]
        return a @ b

    def run(self, x: np.ndarray, cache: list[tuple[np.ndarray, np.ndarray]] | None = None) -> np.ndarray:
        """Output for the rows of `x`. With a cache, they follow the rows whose keys and values it holds; it grows."""
        for number, ((w_q, w_k, w_v, w_o), (w_1, w_2)) in enumerate(self.weights):
            y = layer_norm(x)
            q, k, v = (self.times(y, w) for w in (w_q, w_k, w_v))
            if cache is not None:
                if len(cache) == number:
                    cache.append((k[:0], v[:0]))
                k, v = (np.vstack([old, new]) for old, new in zip(cache[number], (k, v), strict=True))
                cache[number] = (k, v)
            seen = np.tri(len(q), len(k), len(k) - len(q), dtype=bool)
            scores = np.where(seen, self.times(q, k.T) / np.sqrt(q.shape[1]), -np.inf)
            x = x + self.times(self.times(softmax(scores), v), w_o)
            x = x + self.times(relu(self.times(layer_norm(x), w_1)), w_2)
        return x
