"""The ring all-reduce: Patarasuk & Yuan 2009; its two halves as ZeRO uses them, arXiv 1910.02054, section 7.1."""

import numpy as np


def ring_all_reduce(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums over the devices, as each device ends up with them, and how many numbers each device sent. `parts` has the
    shape (devices, chunks, …) with as many chunks as devices; at every step each device sends one chunk to the next."""
    n = len(parts)
    held, sent = parts.astype(float), np.zeros(n)
    for step in range(2 * (n - 1)):
        summing = step < n - 1  # reduce-scatter, then all-gather
        chunks = [(device - step) % n for device in range(n)]
        moving = [held[device, chunk].copy() for device, chunk in enumerate(chunks)]
        for device, chunk in enumerate(chunks):
            sent[device] += moving[device].size
            if summing:
                held[(device + 1) % n, chunk] += moving[device]
            else:
                held[(device + 1) % n, chunk] = moving[device]
    return held, sent


def sent_by_each(devices: int, size: float) -> float:
    """2(N − 1)/N · S: what every device sends, and receives, of a tensor of that size."""
    return 2 * (devices - 1) / devices * size
