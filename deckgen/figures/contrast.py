"""Contrast as it is on a card: dark ink on a white page, and turned by the card's filter on a dark one.

Contrast ratio and its thresholds: WCAG 2.2, 1.4.3 and 1.4.11. The filter: W3C Filter Effects, `invert` and `hue-rotate`.
"""

from collections.abc import Callable

import numpy as np

# What card.css has as --paper in light and night mode.
LIGHT, NIGHT = np.array([255, 255, 255]) / 255, np.array([44, 44, 44]) / 255
TEXT, LINE = 4.5, 3.0
# hue-rotate(180deg): rows give red, green and blue of the result.
HALF_TURN = np.array([[-0.574, 1.43, 0.144], [0.426, 0.43, 0.144], [0.426, 1.43, -0.856]])
WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


def turned(colours: np.ndarray) -> np.ndarray:
    """`filter: invert(1) hue-rotate(180deg)` on sRGB colours in [0, 1]. Shape (…, 3)."""
    return np.clip((1 - colours) @ HALF_TURN.T, 0, 1)


def kept(colours: np.ndarray) -> np.ndarray:
    return colours


MODES: dict[str, tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]] = {
    "light": (LIGHT, kept),
    "night": (NIGHT, turned),
}


def luminance(colours: np.ndarray) -> np.ndarray:
    """Relative luminance of sRGB colours in [0, 1]. Shape (…, 3) → (…)."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return linear @ WEIGHTS


def contrasts(colour: np.ndarray, behind: np.ndarray, share: float = 0.0) -> dict[str, float]:
    """The contrast of an RGBA colour with what stands behind it, by mode, each from 1 to 21.

    `behind`: RGBA pixels of the picture, shape (n, 4), transparent where the page shows. Where they differ, that `share`
    of them may be worse than the ratio that counts.
    """
    found = {}
    for mode, (paper, turn) in MODES.items():
        below = over(turn(behind[:, :3]), behind[:, 3:], paper)
        low, high = np.sort([luminance(below), luminance(over(turn(colour[:3]), colour[3:], below))], axis=0)
        found[mode] = float(np.quantile((high + 0.05) / (low + 0.05), share))
    return found


def over(colours: np.ndarray, alpha: np.ndarray, below: np.ndarray) -> np.ndarray:
    return colours * alpha + below * (1 - alpha)
