"""Parts: named areas of a picture that a note can cover with masks."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeVar

from deckgen.model import Part
from deckgen.problems import FigureError

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

PADDING = 3  # pixels around the artists, for edges of boxes and antialiased letters
DIGITS = 4  # decimals of a fraction of the picture; the error is less than a tenth of a pixel
CODE = "figure-part"
Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True)
class Mark:
    """The name that an author gave to artists."""

    name: str
    group: str | None
    artists: tuple["Artist", ...]

    @property
    def card(self) -> str:
        """The name of the card: the group, or else the part."""
        return self.group or self.name


_marks: ContextVar[list[Mark] | None] = ContextVar("marks", default=None)


def part(artists: Drawn, name: str, group: str | None = None) -> Drawn:
    """Name a part of the drawing: a text, a patch or another artist with an extent, or several that one mask covers.

    An image-occlusion note has a card for each part, and one card for all parts of a `group`. The name of the part, or
    of the group, identifies the card. Returns `artists`. Raises ValueError if a name is empty or already used.
    """
    given = tuple(artists) if isinstance(artists, Iterable) else (artists,)
    if not name.strip() or not given or (group is not None and not group.strip()):
        raise ValueError(f"part {name!r}: needs a name, an artist, and a group that has a name if there is one")
    marks = _marks.get()
    if marks is None:  # the drawing function was called outside deckgen
        return artists
    mark = Mark(name, group, given)
    for other in marks:
        if other.name == name:
            raise ValueError(f"there already is a part {name!r}: give parts that share a card the same group")
        if other.card == mark.card and (other.group is None or group is None):
            raise ValueError(f"{mark.card!r} is the name both of a part and of a group")
    marks.append(mark)
    return artists


@contextmanager
def collect_marks() -> Iterator[list[Mark]]:
    """Collect the marks that `part` makes in the block, in their order."""
    marks: list[Mark] = []
    token = _marks.set(marks)
    try:
        yield marks
    finally:
        _marks.reset(token)


def part_masks(marks: Sequence[Mark], figure: "Figure") -> tuple[Part, ...]:
    """Return the masks of the parts of a figure that has been drawn.

    On a card, only the mask of the card's own parts is removed. So parts of two cards must not overlap. Raises
    FigureError if they do, or if a part cannot be covered.
    """
    boxes = {mark: bounding_box(mark, figure) for mark in marks}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        if one.card != other.card and a.overlaps(b):
            hint = "part several artists together, or give both parts the same group"
            raise FigureError(f"the parts {one.name!r} and {other.name!r} overlap", code=CODE, hint=hint)
    return tuple(mask_of(mark, boxes[mark], figure) for mark in marks)


def bounding_box(mark: Mark, figure: "Figure") -> Any:
    """Return the bounding box of the artists, a matplotlib Bbox in pixels from the lower left corner.

    Raises FigureError if the artists are not in the picture or not visible.
    """
    from matplotlib.transforms import Bbox

    if any(artist.get_figure(root=True) is not figure for artist in mark.artists):
        raise FigureError(
            f"the part {mark.name!r} is not in the picture", code=CODE, hint="add the artist to the figure"
        )
    found = Bbox.union([artist.get_window_extent(figure.canvas.get_renderer()) for artist in mark.artists])  # type: ignore[attr-defined]
    inside = Bbox.intersection(found, figure.bbox)
    visible = all(artist.get_visible() for artist in mark.artists)
    if not visible or inside is None or min(inside.width, inside.height) < 1:
        hint = "name a visible text or patch inside the picture"
        raise FigureError(f"the part {mark.name!r} covers nothing that can be seen", code=CODE, hint=hint)
    return inside


def mask_of(mark: Mark, covered: Any, figure: "Figure") -> Part:
    """Return the mask: the padded box, inside the picture, as fractions of it from the upper left corner."""
    width, height = figure.bbox.size
    x0, y0 = max(covered.x0 - PADDING, 0), max(covered.y0 - PADDING, 0)
    x1, y1 = min(covered.x1 + PADDING, width), min(covered.y1 + PADDING, height)
    measures = x0 / width, 1 - y1 / height, (x1 - x0) / width, (y1 - y0) / height
    return Part(mark.name, mark.group, *(round(float(each), DIGITS) for each in measures))
