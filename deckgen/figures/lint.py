"""What an eye would notice in a drawing: text that is clipped, too small or on other text, and colours too faint."""

from collections.abc import Iterable, Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text

from deckgen.figures import style
from deckgen.figures.contrast import LINE, TEXT, contrasts
from deckgen.figures.labels import clipped, label, overlapping, small
from deckgen.figures.recorder import Canvas

# The part of a text, and of a line, that something behind it may make hard to see: a curve, a bar that it crosses.
CROSSED = {TEXT: 0.25, LINE: 0.5}
THIN = (Line2D, LineCollection, FancyArrowPatch, Spine)


def faults(figure: Figure, canvas: Canvas) -> list[str]:
    """All that is wrong with a figure drawn on `canvas`, in words. The figure is drawn once more."""
    drawn = [*canvas.recorder.texts.values(), *outlined(figure)]
    labels = [label(text, canvas.recorder) for text in drawn]
    lines = [(what, colour, path(artist)) for what, artist, colour in data_lines(figure)]
    behind = background(figure)
    found = [*small(labels), *clipped(labels, figure.bbox), *overlapping(labels)]
    found += faint(
        ((f"the text {each.text!r}", each.colour, each.corners) for each in labels if not each.outlined),
        behind,
        TEXT,
        area,
    )
    found += faint(lines, behind, LINE, along)
    return found


def outlined(figure: Figure) -> list[Text]:
    """Texts with path effects, which are drawn as paths and do not pass through the recorder."""
    texts = figure.findobj(lambda artist: isinstance(artist, Text) and bool(artist.get_path_effects()))
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


def data_lines(figure: Figure) -> Iterator[tuple[str, Artist, tuple]]:
    """The lines and arrows that say something: not frames, and none in the colour of grids. With a name and RGBA colour."""
    for axes in figure.axes:
        drawn = [*axes.lines, *axes.collections, *axes.patches, *arrows(axes)] if axes.get_visible() else ()
        lines = [(artist, colour) for artist in drawn if (colour := line_colour(artist)) is not None]
        for number, (artist, colour) in enumerate(lines, 1):
            if artist.get_visible() and colour[:3] != to_rgba(style.GRID)[:3]:
                label = str(artist.get_label())
                yield f"the line {label!r}" if label and not label.startswith("_") else f"line {number}", artist, colour


def arrows(artist: Artist) -> Iterator[FancyArrowPatch]:
    """The arrows of annotations, which are no children of theirs."""
    return (text.arrow_patch for text in artist.findobj(Annotation) if text.arrow_patch)


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
    """Points a pixel apart along the straight lines between the corners; none where nothing would be drawn."""
    corners = corners[np.isfinite(corners).all(axis=1)]
    if len(corners) < 2:
        return np.empty((0, 2))
    way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    steps = np.linspace(0, way[-1], min(int(way[-1]) + 2, 20_000))
    return np.column_stack([np.interp(steps, way, part) for part in corners.T])


def background(figure: Figure) -> np.ndarray:
    """The picture without texts, lines, grids and frames: RGBA in [0, 1], first row at the bottom."""
    thin = [artist for kind in THIN for artist in figure.findobj(kind)] + [*arrows(figure)]
    seen = [artist for artist in thin if artist.get_visible()]
    figure.set_layout_engine("none")  # what has been laid out stays
    canvas = Canvas(figure, silent=True)
    for artist in seen:
        artist.set_visible(False)
    canvas.draw()
    for artist in seen:
        artist.set_visible(True)
    return np.asarray(canvas.buffer_rgba())[::-1] / 255


def faint(items: Iterable[tuple[str, tuple, np.ndarray]], behind: np.ndarray, least: float, pixels) -> Iterator[str]:
    """What has too little contrast; `pixels` finds those behind it."""
    for what, colour, shape in items:
        around = pixels(behind, shape)
        for mode, ratio in contrasts(np.array(colour), around, CROSSED[least]).items() if len(around) else ():
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
