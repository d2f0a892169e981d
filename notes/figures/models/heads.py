"""Multi-head attention: Attention Is All You Need, arXiv 1706.03762, section 3.2.2."""

import numpy as np
from models.attention import attend
from models.positions import shift, sinusoidal

# A sentence, and what each word is: the features that the hand-made heads below read.
SENTENCE = ("小猫", "没", "吃", "鱼", "因为", "它", "不饿")
KINDS = ("animal", "thing", "verb", "pronoun", "other")
WORDS = ("animal", "other", "verb", "thing", "other", "pronoun", "verb")
POSITION = 32  # dimensions of the positional part of a word's vector


def split(x: np.ndarray, h: int) -> np.ndarray:
    """(n, h·d_k) → (h, n, d_k): head i has the columns i·d_k … (i+1)·d_k − 1."""
    return x.reshape(len(x), h, -1).swapaxes(0, 1)


def multi_head(
    x: np.ndarray, w: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], h: int, keep: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Output (n, d) and weights (h, n, n) of self-attention over the rows of `x`; `w` is W^Q, W^K, W^V, W^O."""
    q, k, v = (split(x @ each, h) for each in w[:3])
    heads, weights = attend(q, k, v, keep)
    return heads.swapaxes(0, 1).reshape(len(x), -1) @ w[3], weights


def random_weights(d: int, random: np.random.Generator) -> tuple[np.ndarray, ...]:
    """W^Q, W^K, W^V, W^O with entries N(0, 1/d), so that inputs of variance 1 give projections of variance 1."""
    return tuple(random.standard_normal((d, d)) / np.sqrt(d) for _ in range(4))


def sentence() -> np.ndarray:
    """One row a word of `SENTENCE`: its position, then its kind as one-hot. Shape (7, 37)."""
    kinds = np.array([[float(kind == word) for kind in KINDS] for word in WORDS])
    return np.hstack([sinusoidal(len(WORDS), POSITION), kinds])


def made_by_hand(strength: float = 30.0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Weights of four heads, d_k = 37: the word before, a pronoun's animal, a verb's nouns, and all words alike.

    Queries and keys are set by hand, values and W^O at random (seed 1706).
    """
    d = POSITION + len(KINDS)
    queries, keys = np.zeros((4, d, d)), np.zeros((4, d, d))
    queries[0, :POSITION, :POSITION] = shift(-1, POSITION).T  # a row PE(p) becomes PE(p − 1)
    keys[0, :POSITION, :POSITION] = np.eye(POSITION)
    pairs = {1: [("pronoun", "animal")], 2: [("verb", "animal"), ("verb", "thing")]}
    for head, wanted in pairs.items():
        for n, (asks, answers) in enumerate(wanted):
            queries[head, POSITION + KINDS.index(asks), n] = 1
            keys[head, POSITION + KINDS.index(answers), n] = 1
    random = np.random.default_rng(1706)
    w_v, w_o = random.standard_normal((4, d, d)), random.standard_normal((4 * d, d))
    return tuple(np.hstack(list(each)) for each in (queries * strength, keys, w_v)) + (w_o,)


def tied_and_untied(n: int, d: int, d_k: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Scores q·k/√d_k of one random input, once with W^K = W^Q, once with a W^K of its own. Each (n, n)."""
    x = random.standard_normal((n, d))
    w_q, w_k = random.standard_normal((2, d, d_k)) / np.sqrt(d)
    q = x @ w_q
    return q @ q.T / np.sqrt(d_k), q @ (x @ w_k).T / np.sqrt(d_k)


def additive(q: np.ndarray, k: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Bahdanau's scores v·tanh(W q + U k), hidden size d_k; W, U and v drawn with variance 1/d_k. Shape (n_q, n_k)."""
    d = q.shape[-1]
    w, u = random.standard_normal((2, d, d)) / np.sqrt(d)
    v = random.standard_normal(d) / np.sqrt(d)
    return np.tanh((q @ w)[:, None, :] + (k @ u)[None, :, :]) @ v
