"""Which keys a query may see: boolean matrices, rows are queries, columns are keys."""

import numpy as np


def causal(n: int) -> np.ndarray:
    """Position i sees 0 … i. Shape (n, n)."""
    return np.tri(n, dtype=bool)


def prefix(n: int, length: int) -> np.ndarray:
    """Causal, and the first `length` positions are seen by all: T5, arXiv 1910.10683, section 3.2.1."""
    seen = causal(n)
    seen[:, :length] = True
    return seen


def window(n: int, width: int) -> np.ndarray:
    """Position i sees the last `width` positions, itself among them: Mistral 7B, arXiv 2310.06825, section 2."""
    return causal(n) & ~np.tri(n, k=-width, dtype=bool)


def sinks(n: int, width: int, first: int) -> np.ndarray:
    """The window, and the `first` positions for ever: StreamingLLM, arXiv 2309.17453, section 3.2."""
    seen = window(n, width)
    seen[:, :first] = causal(n)[:, :first]
    return seen


def reach(seen: np.ndarray, layers: int) -> np.ndarray:
    """What position i can be influenced by after so many layers: the boolean power of `seen`."""
    reached = np.eye(len(seen), dtype=bool)
    for _ in range(layers):
        reached = (seen.astype(int) @ reached.astype(int)) > 0
    return reached
