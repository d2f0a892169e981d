"""Contrast on a card: in light mode on a white page, in night mode after the card's filter on a dark page.

Contrast ratio and its thresholds: WCAG 2.2, 1.4.3 and 1.4.11. The filter: W3C Filter Effects, `invert` and `hue-rotate`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.float64]

# The value of --paper in card.css in light and in night mode.
LIGHT, NIGHT = np.array([255, 255, 255]) / 255, np.array([44, 44, 44]) / 255
TEXT, LINE = 4.5, 3.0
# hue-rotate(180deg) as a matrix. The rows give red, green and blue of the result.
HALF_TURN = np.array([[-0.574, 1.43, 0.144], [0.426, 0.43, 0.144], [0.426, 1.43, -0.856]])
WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


def night_colours(colours: Colours) -> Colours:
    """Apply `filter: invert(1) hue-rotate(180deg)` to sRGB colours in [0, 1]. Shape (…, 3)."""
    night: Colours = np.clip((1 - colours) @ HALF_TURN.T, 0, 1)
    return night


def same_colours(colours: Colours) -> Colours:
    """Return the colours unchanged: light mode has no filter."""
    return colours


MODES: dict[str, tuple[Colours, Callable[[Colours], Colours]]] = {
    "light": (LIGHT, same_colours),
    "night": (NIGHT, night_colours),
}


def luminance(colours: Colours) -> Colours:
    """Return the relative luminance of sRGB colours in [0, 1]. Shape (…, 3) → (…)."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    result: Colours = linear @ WEIGHTS
    return result


def contrasts(colour: Colours, behind: Colours, share: float = 0.0) -> dict[str, float]:
    """Return the contrast ratio of an RGBA colour with the pixels behind it, by mode, each from 1 to 21.

    `colour` has the shape (4,), `behind` the shape (n, 4), both in [0, 1]; transparent pixels show the page. The result
    is the quantile at `share`: that share of the pixels may have a lower contrast.
    """
    found = {}
    for mode, (paper, turn) in MODES.items():
        below = blend(turn(behind[:, :3]), behind[:, 3:], paper)
        low, high = np.sort([luminance(below), luminance(blend(turn(colour[:3]), colour[3:], below))], axis=0)
        found[mode] = float(np.quantile((high + 0.05) / (low + 0.05), share))
    return found


def blend(colours: Colours, alpha: Colours, below: Colours) -> Colours:
    """Return colours with this alpha in [0, 1] painted over the colours `below`."""
    return colours * alpha + below * (1 - alpha)
