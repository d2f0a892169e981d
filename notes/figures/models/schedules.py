"""Learning-rate schedules: Vaswani et al. 2017, arXiv 1706.03762, section 5.3; warm-up with cosine decay. And Adam:
Kingma & Ba 2014, arXiv 1412.6980, algorithm 1."""

import numpy as np


def noam(step, d_model: int = 512, warmup: int = 4000):
    """d^(−1/2) · min(t^(−1/2), t·w^(−3/2)), from step 1."""
    step = np.asarray(step, dtype=float)
    return d_model**-0.5 * np.minimum(step**-0.5, step * warmup**-1.5)


def cosine(step, peak: float, warmup: int, total: int, floor: float = 0.1):
    """Straight up to `peak` over `warmup` steps, then half a cosine down to floor·peak at `total`."""
    step = np.asarray(step, dtype=float)
    part = np.clip((step - warmup) / (total - warmup), 0, 1)
    return peak * np.where(step < warmup, step / warmup, floor + (1 - floor) * (1 + np.cos(np.pi * part)) / 2)


def needed(batch: float) -> tuple[float, float]:
    """Steps and samples to the same loss, each as a multiple of the fewest, with a batch of so many noise scales: McCandlish
    et al. 2018, arXiv 1812.06162, section 2."""
    return 1 + 1 / batch, 1 + batch


def adam_updates(gradients, beta1: float = 0.9, beta2: float = 0.999, corrected: bool = True) -> np.ndarray:
    """m / √v after each of the gradients (ε = 0), with or without the bias correction. Shape (steps,)."""
    m = v = 0.0
    out = []
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        a, b = (m / (1 - beta1**t), v / (1 - beta2**t)) if corrected else (m, v)
        out.append(a / np.sqrt(b))
    return np.array(out)
