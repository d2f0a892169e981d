"""Measures the texts of a figure and finds those that are too small, cut off, or on another text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase
from numpy.typing import NDArray

from deckgen.figures import style
from deckgen.figures.text_recorder import TextRecorder

SLACK = 1.0  # pixels by which boxes may overlap or be cut off


@dataclass(frozen=True, slots=True)
class Label:
    """A text as it was drawn. `size` is in points. `corners` are in pixels from the lower left, shape (4, 2).

    `box` is the rectangle around the corners, `clip` the rectangle that the text is clipped to.
    """

    text: str
    size: float
    colour: tuple[float, float, float, float]
    corners: NDArray[np.float64]
    box: Bbox
    clip: Bbox | None
    outlined: bool


def measure_text(text: Text, renderer: TextRecorder) -> Label:
    """Return the size, colour and place of a text that was drawn with `renderer`."""
    box, angle = text.get_window_extent(renderer), text.get_rotation()
    if angle % 90:
        # The box of a rotated text is wider than the text. Both have the same centre.
        text.set_rotation(0)
        level = text.get_window_extent(renderer)
        text.set_rotation(angle)
    else:
        level, angle = box, 0
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [level.width / 2, level.height / 2]
    radians = np.deg2rad(angle)
    centre = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]
    corners = half @ [[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]] + centre
    colour = to_rgba(text.get_color(), text.get_alpha())
    clip = text.get_clip_box() if text.get_clip_on() else None
    return Label(text.get_text(), float(text.get_fontsize()), colour, corners, box, clip, bool(text.get_path_effects()))


def too_small(labels: Iterable[Label]) -> Iterator[str]:
    """Describe each text with a font size below `style.SMALL`."""
    for each in labels:
        if each.size < style.SMALL:
            yield f"the text {each.text!r} is set in {each.size:g} pt, less than {style.SMALL}"


def clipped(labels: Iterable[Label], page: BboxBase) -> Iterator[str]:
    """Describe each text that is cut off by the edge of the page or by its clip box."""
    for each in labels:
        for frame in filter(None, (page, each.clip)):
            excess = max(frame.x0 - each.box.x0, frame.y0 - each.box.y0, each.box.x1 - frame.x1, each.box.y1 - frame.y1)
            if excess > SLACK:
                yield f"the text {each.text!r} is cut off by {excess:.0f} px"
                break


def overlapping(labels: Sequence[Label]) -> Iterator[str]:
    """Describe each pair of texts that overlap."""
    for one, other in combinations(labels, 2):
        if one.box.overlaps(other.box) and not are_separated(one.corners, other.corners):
            yield f"the texts {one.text!r} and {other.text!r} overlap"


def are_separated(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Return whether a line parallel to a side of either rectangle separates the two. Shapes (4, 2)."""
    for corners in (one, other):
        for axis in (corners[1] - corners[0], corners[2] - corners[1]):
            length = np.hypot(*axis)
            a, b = one @ axis / max(length, 1e-9), other @ axis / max(length, 1e-9)
            if min(a.max(), b.max()) - max(a.min(), b.min()) < SLACK:
                return True
    return False
