"""The texts of a drawing: those that are too small, cut off, or on one another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from deckgen.figures import style
from deckgen.figures.recorder import Recorder

SLACK = 1.0  # pixels that boxes may share or stand over


@dataclass(frozen=True, slots=True)
class Label:
    """A text as it was drawn. `corners`, in pixels from below, shape (4, 2); `box` is the rectangle around them."""

    text: str
    size: float
    colour: tuple[float, float, float, float]
    corners: np.ndarray
    box: Bbox
    clip: Bbox | None
    outlined: bool


def label(text: Text, renderer: Recorder) -> Label:
    box, angle = text.get_window_extent(renderer), text.get_rotation()
    if angle % 90:
        # The box of a turned text is wider than the text; their centres are the same.
        text.set_rotation(0)
        level = text.get_window_extent(renderer)
        text.set_rotation(angle)
    else:
        level, angle = box, 0
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [level.width / 2, level.height / 2]
    turn = np.deg2rad(angle)
    centre = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]
    corners = half @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]] + centre
    colour = to_rgba(text.get_color(), text.get_alpha())
    clip = text.get_clip_box() if text.get_clip_on() else None
    return Label(text.get_text(), text.get_fontsize(), colour, corners, box, clip, bool(text.get_path_effects()))


def small(labels: Iterable[Label]) -> Iterator[str]:
    for each in labels:
        if each.size < style.SMALL:
            yield f"the text {each.text!r} is set in {each.size:g} pt, less than {style.SMALL}"


def clipped(labels: Iterable[Label], page: Bbox) -> Iterator[str]:
    for each in labels:
        for frame in filter(None, (page, each.clip)):
            over = max(frame.x0 - each.box.x0, frame.y0 - each.box.y0, each.box.x1 - frame.x1, each.box.y1 - frame.y1)
            if over > SLACK:
                yield f"the text {each.text!r} is cut off by {over:.0f} px"
                break


def overlapping(labels: Sequence[Label]) -> Iterator[str]:
    for one, other in combinations(labels, 2):
        if one.box.overlaps(other.box) and not apart(one.corners, other.corners):
            yield f"the texts {one.text!r} and {other.text!r} overlap"


def apart(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether a line along a side of either rectangle separates the two."""
    for corners in (one, other):
        for axis in (corners[1] - corners[0], corners[2] - corners[1]):
            length = np.hypot(*axis)
            a, b = one @ axis / max(length, 1e-9), other @ axis / max(length, 1e-9)
            if min(a.max(), b.max()) - max(a.min(), b.min()) < SLACK:
                return True
    return False
