"""Plots in the house style, for figures without matplotlib code of their own.

Each function takes numbers and texts and returns the figure for a `@figure` function to return. `height` is in inches.
The width is that of a phone. Each raises ValueError for data that it cannot show readably.
"""

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

from deckgen.figures.diagram import block_diagram
from deckgen.figures.style import BLUE, DIVERGING, GREEN, ORANGE, PURPLE, SEQUENTIAL, SMALL, TICK, canvas

__all__ = ["bars", "block_diagram", "heat_map", "lines", "matrix"]

COLOURS = (BLUE, ORANGE, GREEN, PURPLE)
# A second mark in addition to the colour, for readers and screens that cannot distinguish colours.
DASHES = ("-", "--", "-.", ":")
HATCHES = ("", "///", "...", "xxx")
# The range of a colour map on which `INK` is readable in both modes (contrast at least 4.5), for values of one sign and of both.
PALE_RANGES = {False: (0.0, 0.48), True: (0.28, 0.72)}


def heat_map(
    values: ArrayLike,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    height: float = 3.0,
) -> Figure:
    """Draw a matrix as colours, with a colour bar. `values` has the shape (rows, columns).

    Values of both signs get two colours with white at 0. Values of one sign get one colour from minimum to maximum.
    `rows` and `columns` are names; without them, rows and columns are numbered from 0. Raises ValueError if `values` has
    another shape or the number of names is wrong.
    """
    drawing, axes = titled_axes(title, x_label, y_label, height)
    image = draw_colours(axes, as_matrix(values), rows, columns)
    bar = drawing.colorbar(image, ax=axes, pad=0.02, fraction=0.05)
    bar.locator.set_params(nbins=5)  # type: ignore[call-arg]
    bar.outline.set_visible(False)
    return drawing


def matrix(
    values: ArrayLike,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    digits: int = 2,
    height: float | None = None,
) -> Figure:
    """Draw a small matrix as colours with numbers in the cells. `values` has the shape (rows, columns).

    Numbers have `digits` decimals. Raises ValueError for more than 8 columns, for another shape, or for a wrong number of
    names.
    """
    numbers = as_matrix(values)
    count = numbers.shape[1]
    if count > 8:
        raise ValueError(f"{count} columns of numbers do not fit the width of a phone: 8 do, and heat_map takes any")
    drawing, axes = titled_axes(title, x_label, y_label, height or 0.9 + 0.36 * len(numbers))
    draw_colours(axes, numbers, rows, columns, pale=True)
    for (row, column), number in np.ndenumerate(numbers):
        axes.text(
            column,
            row,
            with_minus_sign(f"{number:.{digits}f}"),
            ha="center",
            va="center",
            fontsize=TICK if count < 7 else SMALL,
        )
    return drawing


def lines(
    x: ArrayLike,
    series: Mapping[str, ArrayLike],
    *,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    log: str = "",
    height: float = 2.8,
) -> Figure:
    """Draw up to four curves over the same `x`, each with its colour and dash. `series`: name → values of shape (n,).

    `log` names the axes with a logarithmic scale: "x", "y" or "xy". A single curve has no legend: name it in the title
    or at the axis. Raises ValueError for no series or more than four.
    """
    drawing, axes = titled_axes(title, x_label, y_label, height)
    for number, (name, values) in enumerate(check_series(series).items()):
        axes.plot(x, values, color=COLOURS[number], linestyle=DASHES[number], label=name)
    for axis in log:
        getattr(axes, f"set_{axis}scale")("log")
    axes.grid(axis="y")
    add_legend(drawing, series)
    return drawing


def bars(
    groups: Sequence[str],
    series: Mapping[str, ArrayLike],
    *,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    numbers: bool = False,
    height: float = 2.8,
) -> Figure:
    """Draw bars next to each other for each group, with a colour and a hatch for each series.

    `series`: name → values, one for each group. With `numbers`, each bar has its value above it, with three significant
    digits. A single series has no legend. Raises ValueError for no series or more than four.
    """
    drawing, axes = titled_axes(title, x_label, y_label, height)
    places, width = np.arange(len(groups)), 0.8 / len(check_series(series))
    for number, (name, values) in enumerate(series.items()):
        offset = (number - (len(series) - 1) / 2) * width
        drawn = axes.bar(
            places + offset,
            values,
            width,
            label=name,
            color=COLOURS[number],
            hatch=HATCHES[number],
            edgecolor="white",
            linewidth=0,
        )
        if numbers:
            axes.bar_label(drawn, [with_minus_sign(f"{value:.3g}") for value in values], fontsize=SMALL, padding=1)  # type: ignore[union-attr, str-bytes-safe]
    axes.set_xticks(places, groups)
    axes.tick_params(axis="x", length=0)
    if numbers:
        axes.margins(y=0.12)
    add_legend(drawing, series)
    return drawing


def titled_axes(title: str, x_label: str, y_label: str, height: float) -> tuple[Figure, Axes]:
    """Return an empty figure and its axes, with title and labels."""
    drawing = canvas(height)
    axes = drawing.subplots()
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.set_title(title)
    return drawing, axes


def draw_colours(
    axes: Axes, values: np.ndarray, rows: Sequence[str] | None, columns: Sequence[str] | None, *, pale: bool = False
) -> AxesImage:
    """Draw the values as an image with names for rows and columns, and return it."""
    low, high = values.min(), values.max()
    both = low < 0 < high
    limit = max(-low, high)
    colours = matplotlib.colormaps[DIVERGING if both else SEQUENTIAL]
    if pale:
        colours = ListedColormap(colours(np.linspace(*PALE_RANGES[both], 256)))
    image = axes.imshow(values, aspect="auto", cmap=colours, vmin=-limit if both else low, vmax=limit if both else high)
    axes.spines[:].set_visible(False)
    label_ticks(axes.yaxis, rows, values.shape[0])
    label_ticks(axes.xaxis, columns, values.shape[1])
    return image


def label_ticks(axis: Axis, names: Sequence[str] | None, count: int) -> None:
    """Set the names as ticks, or integer ticks without names. Raises ValueError if the number of names is not `count`."""
    if names is None:
        axis.get_major_locator().set_params(integer=True)  # type: ignore[call-arg]
        return
    if len(names) != count:
        raise ValueError(f"{len(names)} names for {count} {'columns' if axis.axis_name == 'x' else 'rows'}")  # type: ignore[attr-defined]
    axis.set_ticks(range(count), names)
    axis.set_tick_params(length=0)


def add_legend(drawing: Figure, series: Mapping[str, ArrayLike]) -> None:
    """Add a legend below the plot if there are several series."""
    if len(series) > 1:
        drawing.legend(loc="outside lower center", ncols=2 if len(series) in (2, 4) else 3, handlelength=2.4)


def with_minus_sign(number: str) -> str:
    """Replace the hyphen of a number by a minus sign, as axes do."""
    return number.replace("-", "−")


def check_series(series: Mapping[str, ArrayLike]) -> Mapping[str, ArrayLike]:
    """Return `series`. Raises ValueError for no series or more than four."""
    if not 1 <= len(series) <= len(COLOURS):
        raise ValueError(f"{len(series)} series: one to {len(COLOURS)} can be told apart")
    return series


def as_matrix(values: ArrayLike) -> np.ndarray:
    """Return `values` as an array of shape (rows, columns). Raises ValueError if it has another shape or is empty."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"values have the shape {array.shape}, not (rows, columns)")
    return array
