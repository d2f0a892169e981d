"""Finds what is hard to read in a figure: text that is cut off, too small or on other text, and low contrast."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text
from numpy.typing import NDArray

from deckgen.figures import style
from deckgen.figures.contrast import LINE, TEXT, Colours, contrasts
from deckgen.figures.labels import clipped, measure_text, overlapping, too_small
from deckgen.figures.text_recorder import RecordingCanvas

# The share of a text, and of a line, that may have a low contrast, because it crosses a curve or a bar.
HIDDEN_SHARE = {TEXT: 0.25, LINE: 0.5}
Rgba = tuple[float, float, float, float]
Points = NDArray[np.float64]
Line = Line2D | LineCollection | FancyArrowPatch
THIN_ARTISTS = (Line2D, LineCollection, FancyArrowPatch, Spine)


def readability_problems(figure: Figure, canvas: RecordingCanvas) -> list[str]:
    """Describe all problems of a figure that was drawn on `canvas`. Draws the figure once more."""
    drawn = [*canvas.recorder.texts.values(), *outlined_texts(figure)]
    labels = [measure_text(text, canvas.recorder) for text in drawn]
    lines = [(what, colour, points_of(artist)) for what, artist, colour in data_lines(figure)]
    behind = background(figure)
    found = [*too_small(labels), *clipped(labels, figure.bbox), *overlapping(labels)]
    found += low_contrast(
        ((f"the text {each.text!r}", each.colour, each.corners) for each in labels if not each.outlined),
        behind,
        TEXT,
        pixels_in_rectangle,
    )
    found += low_contrast(lines, behind, LINE, pixels_at)
    return found


def outlined_texts(figure: Figure) -> list[Text]:
    """Return the texts with path effects. They are drawn as paths, so the recorder does not have them."""
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_path_effects()]
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


def data_lines(figure: Figure) -> Iterator[tuple[str, Line, Rgba]]:
    """Yield the lines and arrows that show data, with a name and a colour. Frames and lines in `GRID` are left out."""
    for axes in figure.axes:
        drawn = [*axes.lines, *axes.collections, *axes.patches, *arrows(axes)] if axes.get_visible() else ()
        lines = [
            (artist, colour)
            for artist in drawn
            if isinstance(artist, Line) and (colour := line_colour(artist)) is not None
        ]
        for number, (artist, colour) in enumerate(lines, 1):
            if artist.get_visible() and colour[:3] != to_rgba(style.GRID)[:3]:
                label = str(artist.get_label())
                name = f"the line {label!r}" if label and not label.startswith("_") else f"line {number}"
                yield name, artist, colour


def arrows(artist: Artist) -> list[FancyArrowPatch]:
    """Return the arrows of annotations. `findobj` does not find them, since they are no children of the annotations."""
    annotations = [text for text in artist.findobj(Annotation) if isinstance(text, Annotation)]
    return [text.arrow_patch for text in annotations if text.arrow_patch]


def line_colour(artist: Line) -> Rgba | None:
    """Return the colour of a line or an arrow, or of the markers if there is no line. None if nothing is drawn."""
    match artist:
        case Line2D():
            only_markers = artist.get_linestyle() == "None"
            return to_rgba(artist.get_markerfacecolor() if only_markers else artist.get_color(), artist.get_alpha())
        case LineCollection() if len(artist.get_segments()):
            red, green, blue, alpha = map(float, to_rgba_array(artist.get_colors())[0])
            return red, green, blue, alpha
        case FancyArrowPatch():
            return to_rgba(artist.get_edgecolor())
    return None


def points_of(artist: Line) -> Points:
    """Return points along a line, one pixel apart, or its markers if there is no line. In pixels, shape (n, 2)."""
    transform = artist.get_transform()
    if isinstance(artist, LineCollection):
        return np.vstack([pixel_steps(transform.transform(segment)) for segment in artist.get_segments()])
    drawn = transform.transform_path(artist.get_path())
    if isinstance(artist, Line2D) and artist.get_linestyle() == "None":
        return np.asarray(drawn.vertices, dtype=float)
    return np.vstack(
        [np.empty((0, 2)), *(pixel_steps(np.asarray(line)) for line in drawn.to_polygons(closed_only=False))]
    )


def pixel_steps(corners: Points) -> Points:
    """Return points one pixel apart on the straight lines between the corners. Shape (n, 2); empty if nothing is drawn."""
    corners = corners[np.isfinite(corners).all(axis=1)]
    if len(corners) < 2:
        return np.empty((0, 2))
    distance = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    steps = np.linspace(0, distance[-1], min(int(distance[-1]) + 2, 20_000))
    return np.column_stack([np.interp(steps, distance, part) for part in corners.T])


def background(figure: Figure) -> Colours:
    """Draw the figure without texts, lines, grids and frames.

    Returns RGBA in [0, 1], shape (height, width, 4), the first row at the bottom.
    """
    thin = [artist for kind in THIN_ARTISTS for artist in figure.findobj(kind)] + [*arrows(figure)]
    visible = [artist for artist in thin if artist.get_visible()]
    figure.set_layout_engine("none")  # keep the layout of the first drawing
    canvas = RecordingCanvas(figure, silent=True)
    for artist in visible:
        artist.set_visible(False)
    canvas.draw()
    for artist in visible:
        artist.set_visible(True)
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return pixels[::-1] / 255


def low_contrast(
    items: Iterable[tuple[str, Rgba, Points]],
    behind: Colours,
    least: float,
    pixels: Callable[[Colours, Points], Colours],
) -> Iterator[str]:
    """Describe each item whose contrast is below `least`. An item is a name, a colour and points in pixels.

    `pixels` selects the pixels of the picture `behind` that are behind the points.
    """
    for what, colour, shape in items:
        around = pixels(behind, shape)
        for mode, ratio in contrasts(np.array(colour), around, HIDDEN_SHARE[least]).items() if len(around) else ():
            if ratio < least:
                yield f"{what} has a contrast of {ratio:.1f} in {mode} mode, less than {least:g}"


def pixels_in_rectangle(picture: Colours, corners: Points) -> Colours:
    """Return the pixels of the rectangle around the corners, shape (n, 4)."""
    (x0, y0), (x1, y1) = np.clip([corners.min(axis=0), corners.max(axis=0)], 0, picture.shape[1::-1]).astype(int)
    return picture[y0 : y1 + 1, x0 : x1 + 1].reshape(-1, 4)


def pixels_at(picture: Colours, points: Points) -> Colours:
    """Return the pixels at the points that are in the picture, shape (n, 4)."""
    places = points[np.isfinite(points).all(axis=1)].astype(int)
    inside = ((places >= 0) & (places < picture.shape[1::-1])).all(axis=1)
    x, y = places[inside].T
    found: Colours = picture[y, x]
    return found
