"""How many keys a query reads, and how many tokens a layer keeps, when not every layer looks at everything.

NSA: arXiv 2502.11089; MoBA: 2502.13189; DSA: DeepSeek-V3.2; Gemma 2 and 3: 2408.00118, 2503.19786; Kimi Linear: 2510.26692.
"""

import numpy as np


def nsa(n, stride: int = 16, chosen: int = 16 * 64, window: int = 512):
    """Native Sparse Attention: one summary each `stride` tokens, 16 chosen blocks of 64, and the window; all of n if that is less."""
    n = np.asarray(n)
    return np.minimum(n, n // stride + chosen + window)


def moba(n, block: int = 4096, top: int = 12):
    """Mixture of Block Attention: `top` blocks; their choice reads a mean for each block, which is not counted."""
    return np.minimum(n, block * top)


def dsa(n, top: int = 2048):
    """DeepSeek Sparse Attention: `top` tokens; the indexer that chooses them looks at all n, which is not counted."""
    return np.minimum(n, top)


def kept(n, cheap: int, size: int):
    """Tokens that a layer keeps on average, where one layer in cheap + 1 keeps all n and the others at most `size`."""
    n = np.asarray(n)
    return (n + cheap * np.minimum(n, size)) / (cheap + 1)
