"""Soft targets: Hinton et al. 2015, arXiv 1503.02531, section 2."""

import numpy as np


def softened(logits: np.ndarray, temperature: float) -> np.ndarray:
    powers = np.exp((logits - logits.max()) / temperature)
    return powers / powers.sum()


def gradient(student: np.ndarray, teacher: np.ndarray, temperature: float) -> np.ndarray:
    """∂C/∂z of the cross-entropy between the two softened distributions: (q − p)/T."""
    return (softened(student, temperature) - softened(teacher, temperature)) / temperature
