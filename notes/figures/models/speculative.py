"""Speculative decoding: Leviathan et al. 2022, arXiv 2211.17192, sections 2.3 and 3."""

import numpy as np


def accept(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The chance that a token drafted from q is kept, token by token: min(1, p/q)."""
    return np.minimum(1, p / q)


def residual(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """What is drawn from after a rejection: max(0, p − q), normalised."""
    rest = np.maximum(0, p - q)
    return rest / rest.sum()


def acceptance(p: np.ndarray, q: np.ndarray) -> float:
    """α = Σ min(p, q), the chance that a draft is kept."""
    return float(np.minimum(p, q).sum())


def expected_tokens(alpha, gamma):
    """Tokens that one run of the target model yields with γ drafts: (1 − α^(γ+1)) / (1 − α)."""
    return (1 - alpha ** (gamma + 1)) / (1 - alpha)


def speedup(alpha, gamma, c):
    """Against plain decoding, if a draft step costs c of a target step and checking γ+1 tokens costs one."""
    return expected_tokens(alpha, gamma) / (gamma * c + 1)


def step(p: np.ndarray, q: np.ndarray, gamma: int, random: np.random.Generator) -> list[int]:
    """The tokens of one run, where every position has the same p and q: drafts until the first is rejected, then one
    from the residual; or all γ and one more from p."""
    out = []
    for _ in range(gamma):
        token = random.choice(len(q), p=q)
        if random.random() >= accept(p, q)[token]:
            return [*out, int(random.choice(len(p), p=residual(p, q)))]
        out.append(int(token))
    return [*out, int(random.choice(len(p), p=p))]
