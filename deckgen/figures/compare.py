"""Whether two pictures of one figure are alike: the same code drew both, on processors or with libraries that round otherwise.

Rounding moves an edge by a part of a pixel. So a pixel is compared with the 3 × 3 pixels around its place in the other picture, and
`excess` is how far it lies outside of their range: near 0 for an edge that has moved by up to a pixel, large for a letter or a line
that is not in the other picture. `mean`, the mean absolute difference, sees what is small and everywhere, as another colour is.
Both are in steps of 255, the larger of two: on white and on black, for the pictures are transparent.

The bounds, by what was measured. On the 43 figures of this repository's deck, under nine sets of numeric kernels (OpenBLAS for five
kinds of processors, numpy and the C library with and without their vector code, and these together), two figures changed: one in 197
or 235 pixels, with an excess of 25 and a mean of 0.004 or 0.008, one in 24 pixels, with an excess of 0. On a drawing with two curves,
of what a reader could see: another digit has an excess of 228, a comma for a point 228 (with a mean of 0.016), I for l 172, a curve
2 pixels off 147; a curve in a blue that is 8 of 255 brighter has a mean of 0.07, one that is a tenth wider 0.09, one that is a sixth
of a pixel off 0.10.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from deckgen.model import Part

EXCESS, MEAN = 64, 0.05
PART = 0.004  # of the picture's width or height: 3 pixels of 780


@dataclass(frozen=True, slots=True)
class Difference:
    """What is between two pictures: whether they are alike, and what was measured, in words."""

    alike: bool
    words: str

    def __str__(self) -> str:
        return self.words


def difference(one: bytes, one_parts: Sequence[Part], other: bytes, other_parts: Sequence[Part]) -> Difference:
    """What is between two encoded pictures, and between the parts that they name."""
    if wrong := part_difference(one_parts, other_parts):
        return Difference(False, wrong)
    if one == other:
        return Difference(True, "the same bytes")
    a, b = pixels(one), pixels(other)
    if a.shape != b.shape:
        return Difference(False, "{1} × {0} pixels, not {3} × {2}".format(*b.shape[:2], *a.shape[:2]))
    apart = int((a != b).any(axis=-1).sum())
    if not apart:
        return Difference(True, "the same pixels")
    papers = [(on(a, paper), on(b, paper)) for paper in (255, 0)]
    excess = max(int(max(beyond(x, y).max(), beyond(y, x).max())) for x, y in papers)
    mean = max(float(np.abs(x - y).mean()) for x, y in papers)
    measured = f"{apart} of {a.shape[0] * a.shape[1]} pixels differ, excess {excess} of 255 (at most {EXCESS}), mean {mean:.3f} (at most {MEAN})"
    alike = excess <= EXCESS and mean <= MEAN
    return Difference(alike, f"alike: {measured}" if alike else measured)


def part_difference(one: Sequence[Part], other: Sequence[Part]) -> str:
    """How the parts differ, in words; nothing where they are alike."""
    names, others = ([(part.name, part.group) for part in parts] for parts in (one, other))
    if names != others:
        return f"it names the parts {', '.join(name for name, _ in others) or '(none)'}, not {', '.join(name for name, _ in names) or '(none)'}"
    for a, b in zip(one, other, strict=True):
        moved = max(abs(getattr(a, side) - getattr(b, side)) for side in ("left", "top", "width", "height"))
        if moved > PART:
            return f"the part {a.name!r} is off by {moved:.1%} of the picture (at most {PART:.1%})"
    return ""


def pixels(picture: bytes) -> np.ndarray:
    """RGBA, shape (height, width, 4); nothing is said of the colour of what is fully transparent."""
    with Image.open(BytesIO(picture)) as image:
        found = np.array(image.convert("RGBA"))
    found[found[..., 3] == 0] = 0
    return found


def on(picture: np.ndarray, paper: int) -> np.ndarray:
    """The colours of the picture on paper of a grey, as whole numbers. Shape (height, width, 3)."""
    alpha = picture[..., 3:] / 255
    return np.rint(picture[..., :3] * alpha + paper * (1 - alpha)).astype(np.int16)


def beyond(picture: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How far each colour lies outside of those around its place in the other picture; 0 where it does not."""
    return np.maximum(around(other, np.minimum) - picture, picture - around(other, np.maximum)).clip(min=0)


def around(picture: np.ndarray, choose: Callable[..., np.ndarray]) -> np.ndarray:
    """The least or the greatest of the 3 × 3 pixels around each."""
    for axis in (0, 1):
        padded = np.pad(picture, [(1, 1) if each == axis else (0, 0) for each in range(3)], mode="edge")
        before, here, after = (np.take(padded, range(start, start + picture.shape[axis]), axis) for start in range(3))
        picture = choose(choose(before, here), after)
    return picture
