"""Parts: what an author names in a drawing, so that a note can cover it up, and where they stand in the picture."""

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

PAD = 3  # pixels of the picture around what is covered: the edge of a box, the fringe of letters
DIGITS = 4  # of a fraction of the picture: less than a tenth of a pixel
CODE = "figure-part"
Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True)
class Mark:
    """A name and the artists that an author gave it to."""

    name: str
    group: str | None
    artists: tuple["Artist", ...]

    @property
    def card(self) -> str:
        return self.group or self.name


_marks: ContextVar[list[Mark] | None] = ContextVar("marks", default=None)


def part(artists: Drawn, name: str, group: str | None = None) -> Drawn:
    """Name a part of the drawing: a text, a patch or another artist with an extent, or several that one mask covers.

    An image-occlusion note has a card for each part, and one for all the parts of a `group`. A card is known by the
    name of its part, or of its group. Returns `artists`. Raises ValueError for an empty name, or one that is taken.
    """
    given = tuple(artists) if isinstance(artists, Iterable) else (artists,)
    if not name.strip() or not given or (group is not None and not group.strip()):
        raise ValueError(f"part {name!r}: needs a name, an artist, and a group that has a name if there is one")
    marks = _marks.get()
    if marks is None:  # the author calls the function by hand
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
def marked() -> Iterator[list[Mark]]:
    """The marks that `part` makes inside, in the order in which they were made."""
    marks: list[Mark] = []
    token = _marks.set(marks)
    try:
        yield marks
    finally:
        _marks.reset(token)


def located(marks: Sequence[Mark], figure: "Figure") -> tuple[Part, ...]:
    """Where the parts stand in a figure that has been drawn. FigureError for one that no mask could cover.

    On a card all masks but the one asked for stay in place, so parts of two cards may not lie over each other.
    """
    boxes = {mark: box(mark, figure) for mark in marks}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        if one.card != other.card and a.overlaps(b):
            hint = "part several artists together, or give both parts the same group"
            raise FigureError(f"the parts {one.name!r} and {other.name!r} overlap", code=CODE, hint=hint)
    return tuple(fraction(mark, boxes[mark], figure) for mark in marks)


def box(mark: Mark, figure: "Figure") -> Any:
    """What surrounds the artists of a mark, in pixels from the lower left corner: a matplotlib Bbox."""
    from matplotlib.transforms import Bbox

    if any(artist.get_figure(root=True) is not figure for artist in mark.artists):
        raise FigureError(
            f"the part {mark.name!r} is not in the picture", code=CODE, hint="add the artist to the figure"
        )
    found = Bbox.union([artist.get_window_extent(figure.canvas.get_renderer()) for artist in mark.artists])
    inside = Bbox.intersection(found, figure.bbox)
    visible = all(artist.get_visible() for artist in mark.artists)
    if not visible or inside is None or min(inside.width, inside.height) < 1:
        hint = "name a visible text or patch inside the picture"
        raise FigureError(f"the part {mark.name!r} covers nothing that can be seen", code=CODE, hint=hint)
    return inside


def fraction(mark: Mark, covered: Any, figure: "Figure") -> Part:
    """The mask: the box padded, cut at the edges, as fractions of the picture from its upper left corner."""
    width, height = figure.bbox.size
    x0, y0 = max(covered.x0 - PAD, 0), max(covered.y0 - PAD, 0)
    x1, y1 = min(covered.x1 + PAD, width), min(covered.y1 + PAD, height)
    measures = x0 / width, 1 - y1 / height, (x1 - x0) / width, (y1 - y0) / height
    return Part(mark.name, mark.group, *(round(float(each), DIGITS) for each in measures))
