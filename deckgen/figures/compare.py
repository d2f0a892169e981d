"""Compares two pictures of one figure. They are alike if only rounding differs: on another processor or with other libraries.

Rounding moves an edge by a part of a pixel. So each pixel is compared with the 3 × 3 pixels around the same place in the
other picture. `excess` is how far the pixel lies outside their range. It is near 0 for an edge that has moved by up to a
pixel, and large for a letter or a line that the other picture does not have. `mean` is the mean absolute difference. It
shows small differences that are everywhere, such as another colour. Both are in steps of 1/255. Pictures are transparent,
so both are measured on white and on black paper, and the larger value counts.

The bounds come from measurements. The 43 figures of this repository's deck were drawn under nine sets of numeric kernels:
OpenBLAS for five kinds of processors, numpy and the C library with and without vector code, and combinations of these.
Two figures changed: one in 197 or 235 pixels, with an excess of 25 and a mean of 0.004 or 0.008, and one in 24 pixels,
with an excess of 0. Visible changes were made to a drawing with two curves. Another digit has an excess of 228, a comma
instead of a point 228 (with a mean of 0.016), I instead of l 172, a curve 2 pixels away 147. A curve in a blue that is 8
of 255 brighter has a mean of 0.07, a curve that is a tenth wider 0.09, a curve a sixth of a pixel away 0.10.
"""

from collections.abc import Callable, Sequence
from io import BytesIO

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from deckgen.model import Part

Colours = NDArray[np.int16]
EXCESS, MEAN = 64, 0.05
PART = 0.004  # of the picture's width or height: 3 pixels of 780


class Difference(Struct, frozen=True):
    """The result of a comparison: whether the pictures are alike, and the measurements in words."""

    alike: bool
    words: str

    def __str__(self) -> str:
        return self.words


def compare_pictures(one: bytes, one_parts: Sequence[Part], other: bytes, other_parts: Sequence[Part]) -> Difference:
    """Compare two encoded pictures and their parts. Sizes in the result are width × height in pixels."""
    if wrong := part_difference(one_parts, other_parts):
        return Difference(False, wrong)
    if one == other:
        return Difference(True, "the same bytes")
    a, b = pixels(one), pixels(other)
    if a.shape != b.shape:
        return Difference(False, "{1} × {0} pixels, not {3} × {2}".format(*b.shape[:2], *a.shape[:2]))
    differing = int((a != b).any(axis=-1).sum())
    if not differing:
        return Difference(True, "the same pixels")
    papers = [(on_paper(a, paper), on_paper(b, paper)) for paper in (255, 0)]
    excess = max(int(max(outside_range(x, y).max(), outside_range(y, x).max())) for x, y in papers)
    mean = max(float(np.abs(x - y).mean()) for x, y in papers)
    measured = f"{differing} of {a.shape[0] * a.shape[1]} pixels differ, excess {excess} of 255 (at most {EXCESS}), mean {mean:.3f} (at most {MEAN})"
    alike = excess <= EXCESS and mean <= MEAN
    return Difference(alike, f"alike: {measured}" if alike else measured)


def part_difference(one: Sequence[Part], other: Sequence[Part]) -> str:
    """Describe how the parts differ. Empty if they are alike."""
    names, others = ([(part.name, part.group) for part in parts] for parts in (one, other))
    if names != others:
        return f"it names the parts {', '.join(name for name, _ in others) or '(none)'}, not {', '.join(name for name, _ in names) or '(none)'}"
    for a, b in zip(one, other, strict=True):
        moved = max(abs(getattr(a, side) - getattr(b, side)) for side in ("left", "top", "width", "height"))
        if moved > PART:
            return f"the part {a.name!r} has moved by {moved:.1%} of the picture (at most {PART:.1%})"
    return ""


def pixels(picture: bytes) -> NDArray[np.uint8]:
    """Decode a picture to RGBA, shape (height, width, 4). Fully transparent pixels become 0."""
    with Image.open(BytesIO(picture)) as image:
        found = np.array(image.convert("RGBA"))
    found[found[..., 3] == 0] = 0
    return found


def on_paper(picture: NDArray[np.uint8], paper: int) -> Colours:
    """Return the colours of an RGBA picture on grey paper (0 to 255), as integers of shape (height, width, 3)."""
    alpha = picture[..., 3:] / 255
    return np.rint(picture[..., :3] * alpha + paper * (1 - alpha)).astype(np.int16)


def outside_range(picture: Colours, other: Colours) -> Colours:
    """Return how far each value lies outside the range of the 3 × 3 pixels around it in the other picture.

    The result is 0 for a value inside the range.
    """
    below, above = range_edge(other, np.minimum) - picture, picture - range_edge(other, np.maximum)
    distance: Colours = np.maximum(below, above).clip(min=0)
    return distance


def range_edge(picture: Colours, choose: Callable[[Colours, Colours], Colours]) -> Colours:
    """Return the minimum or the maximum (`choose`) of the 3 × 3 pixels around each pixel. Shape (height, width, 3)."""
    for axis in (0, 1):
        padded = np.pad(picture, [(1, 1) if each == axis else (0, 0) for each in range(3)], mode="edge")
        before, here, after = (np.take(padded, range(start, start + picture.shape[axis]), axis) for start in range(3))
        picture = choose(choose(before, here), after)
    return picture
