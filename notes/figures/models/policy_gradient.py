"""What PPO and GRPO are made of: the clipped objective (Schulman et al. 2017, arXiv 1707.06347, section 3), generalized
advantages (Schulman et al. 2015, 1506.02438, section 3), estimates of the KL divergence from samples (Schulman 2020)."""

import numpy as np


def clipped(ratio, advantage, low: float = 0.2, high: float = 0.2):
    """min(ρA, clip(ρ, 1 − ε_low, 1 + ε_high)·A), to be maximised. Two different ε: DAPO, arXiv 2503.14476, section 3.1."""
    return np.minimum(ratio * advantage, np.clip(ratio, 1 - low, 1 + high) * advantage)


def advantages(rewards, values, gamma: float = 1.0, lam: float = 0.95) -> np.ndarray:
    """From the end backwards: A_t = δ_t + γλ·A_{t+1}, δ_t = r_t + γV_{t+1} − V_t, with V = 0 after the last step."""
    out, later = np.zeros(len(rewards)), 0.0
    following = [*values[1:], 0.0]
    for t in reversed(range(len(rewards))):
        later = rewards[t] + gamma * following[t] - values[t] + gamma * lam * later
        out[t] = later
    return out


def kl_estimates(log_ratio):
    """k1, k2, k3 from ln r, r = π_ref/π, at samples of π: −ln r, (ln r)²/2, r − 1 − ln r."""
    log_ratio = np.asarray(log_ratio, dtype=float)
    return -log_ratio, log_ratio**2 / 2, np.expm1(log_ratio) - log_ratio
