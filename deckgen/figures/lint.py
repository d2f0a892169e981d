"""What an eye would notice in a drawing: text that is clipped, too small or on other text, and colours too faint."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from deckgen.figures import style
from deckgen.figures.contrast import LINE, TEXT, contrasts

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


class Recorder(RendererAgg):
    """Draws as ever, and remembers the texts; or draws all but the texts."""

    def __init__(self, width: float, height: float, dpi: float, *, silent: bool = False):
        super().__init__(width, height, dpi)
        self.silent = silent
        self.texts: dict[int, Text] = {}

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # noqa: ANN001, as in matplotlib
        if mtext is not None:
            self.texts[id(mtext)] = mtext
        if not self.silent:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)


class Canvas(FigureCanvasAgg):
    """A canvas whose renderer is a Recorder."""

    def __init__(self, figure: Figure, *, silent: bool = False):
        super().__init__(figure)
        self.recorder = Recorder(*figure.bbox.size, figure.dpi, silent=silent)

    def get_renderer(self) -> Recorder:
        return self.recorder

    def draw(self) -> None:
        self.recorder.clear()
        super().draw()


def faults(figure: Figure, canvas: Canvas) -> list[str]:
    """All that is wrong with a figure drawn on `canvas`, in words. The figure is drawn once more."""
    drawn = [*canvas.recorder.texts.values(), *outlined(figure)]
    labels = [label(text, canvas.recorder) for text in drawn]
    lines = list(data_lines(figure))
    behind = background(figure, [artist for _, artist, _ in lines])
    found = [*small(labels), *clipped(labels, figure.bbox), *overlapping(labels)]
    found += faint(((f"the text {each.text!r}", each.colour, each.corners) for each in labels if not each.outlined), behind, TEXT, area)
    found += faint(((what, colour, path(artist)) for what, artist, colour in lines), behind, LINE, along)
    return found


def outlined(figure: Figure) -> list[Text]:
    """Texts with path effects, which are drawn as paths and do not pass through the recorder."""
    texts = figure.findobj(lambda artist: isinstance(artist, Text) and bool(artist.get_path_effects()))
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


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


def data_lines(figure: Figure) -> Iterator[tuple[str, Artist, tuple]]:
    """The lines that carry data: not grids, ticks or frames. Each with what to call it and its RGBA colour."""
    for axes in figure.axes:
        for artist in [*axes.lines, *axes.collections, *axes.patches] if axes.get_visible() else ():
            if artist.get_visible() and (colour := line_colour(artist)) is not None:
                yield name(artist, axes), artist, colour


def name(artist: Artist, axes: Axes) -> str:
    label = str(artist.get_label())
    return f"the line {label!r}" if label and not label.startswith("_") else f"line {artists(axes).index(artist) + 1}"


def artists(axes: Axes) -> list[Artist]:
    return [artist for artist in [*axes.lines, *axes.collections, *axes.patches] if line_colour(artist) is not None]


def line_colour(artist: Artist) -> tuple | None:
    """The RGBA colour of a line or an arrow; of its markers where there are only those. None where it is neither."""
    match artist:
        case Line2D():
            only_markers = artist.get_linestyle() == "None"
            return to_rgba(artist.get_markerfacecolor() if only_markers else artist.get_color(), artist.get_alpha())
        case LineCollection() if len(artist.get_segments()):
            return tuple(artist.get_colors()[0])
        case FancyArrowPatch():
            return artist.get_edgecolor()
    return None


def path(artist: Artist) -> np.ndarray:
    """Points all along a line, a pixel apart, or its markers where there are only those. In pixels, shape (n, 2)."""
    transform = artist.get_transform()
    if isinstance(artist, LineCollection):
        return np.vstack([stepped(transform.transform(segment)) for segment in artist.get_segments()])
    drawn = transform.transform_path(artist.get_path())
    if isinstance(artist, Line2D) and artist.get_linestyle() == "None":
        return drawn.vertices
    return np.vstack([np.empty((0, 2)), *map(stepped, drawn.to_polygons(closed_only=False))])


def stepped(corners: np.ndarray) -> np.ndarray:
    """Points a pixel apart along the straight lines between the corners."""
    corners = corners[np.isfinite(corners).all(axis=1)]
    if len(corners) < 2:
        return corners
    way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    steps = np.linspace(0, way[-1], min(int(way[-1]) + 2, 20_000))
    return np.column_stack([np.interp(steps, way, part) for part in corners.T])


def background(figure: Figure, lines: Iterable[Artist]) -> np.ndarray:
    """The picture without texts and without those lines: RGBA in [0, 1], first row at the bottom."""
    for line in lines:
        line.set_visible(False)
    figure.set_layout_engine("none")  # what has been laid out stays
    canvas = Canvas(figure, silent=True)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[::-1] / 255


def faint(items: Iterable[tuple[str, tuple, np.ndarray]], behind: np.ndarray, least: float, pixels) -> Iterator[str]:  # noqa: ANN001
    """What has too little contrast; `pixels` finds those behind it."""
    for what, colour, shape in items:
        around = pixels(behind, shape)
        for mode, ratio in contrasts(np.array(colour), around).items() if len(around) else ():
            if ratio < least:
                yield f"{what} has a contrast of {ratio:.1f} in {mode} mode, less than {least:g}"


def area(picture: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """The pixels of the rectangle around the corners, shape (n, 4)."""
    (x0, y0), (x1, y1) = np.clip([corners.min(axis=0), corners.max(axis=0)], 0, picture.shape[1::-1]).astype(int)
    return picture[y0 : y1 + 1, x0 : x1 + 1].reshape(-1, 4)


def along(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The pixels under the points that are in the picture, shape (n, 4)."""
    points = points[np.isfinite(points).all(axis=1)].astype(int)
    inside = ((points >= 0) & (points < picture.shape[1::-1])).all(axis=1)
    x, y = points[inside].T
    return picture[y, x]
