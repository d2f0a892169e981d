"""DPO: Rafailov et al. 2023, arXiv 2305.18290, section 4. RLHF's optimum under a KL penalty: the same, equation 4."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


def dpo_loss(margin):
    """−ln σ(m), where m = β·[ln π(y_w)/π_ref(y_w) − ln π(y_l)/π_ref(y_l)]."""
    return np.logaddexp(0, -np.asarray(margin, dtype=float))


def weight(margin):
    """The factor of the gradient: σ(−m), large where the pair is still ranked wrongly."""
    return sigmoid(-np.asarray(margin, dtype=float))


def tilted(reference: np.ndarray, reward: np.ndarray, beta: float) -> np.ndarray:
    """The policy that maximises E[r] − β·KL(π‖π_ref): π_ref·exp(r/β)/Z."""
    powers = reference * np.exp((reward - reward.max()) / beta)
    return powers / powers.sum()


def objective(policy: np.ndarray, reference: np.ndarray, reward: np.ndarray, beta: float) -> float:
    return float(policy @ reward - beta * (policy * np.log(policy / reference)).sum())


def group_advantages(rewards) -> np.ndarray:
    """GRPO: (r − mean)/std within the answers to one question; 0 where all are equal."""
    rewards = np.asarray(rewards, dtype=float)
    above = rewards - rewards.mean()
    return above / (rewards.std() or 1)
