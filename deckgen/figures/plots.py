"""Ready plots in the house style, for figures that need no matplotlib of their own.

Each takes numbers and words, and returns the figure that a `@figure` function returns. `height` is in inches; the
width is that of a phone. What they cannot show readably they turn down with a ValueError.
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
# A second sign beside the colour, for eyes and screens that do not tell colours apart.
DASHES = ("-", "--", "-.", ":")
HATCHES = ("", "///", "...", "xxx")
# The part of a colour map on which ink can be read in both modes (contrast at least 4.5): of one sign, of both.
PALE = {False: (0.0, 0.48), True: (0.28, 0.72)}


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
    """A matrix as colours, with a colour bar. `values`: (rows, columns).

    Values of both signs get two colours that meet in white at 0, others one from their least to their greatest.
    `rows` and `columns` name what otherwise is numbered from 0.
    """
    drawing, axes = framed(title, x_label, y_label, height)
    image = coloured(axes, two_dimensional(values), rows, columns)
    bar = drawing.colorbar(image, ax=axes, pad=0.02, fraction=0.05)
    bar.locator.set_params(nbins=5)
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
    """A small matrix as colours with its numbers in the cells. `values`: (rows, columns), at most 8 columns.

    `digits` after the point. ValueError for more columns than numbers have room.
    """
    numbers = two_dimensional(values)
    count = numbers.shape[1]
    if count > 8:
        raise ValueError(f"{count} columns of numbers do not fit the width of a phone: 8 do, and heat_map takes any")
    drawing, axes = framed(title, x_label, y_label, height or 0.9 + 0.36 * len(numbers))
    coloured(axes, numbers, rows, columns, pale=True)
    for (row, column), number in np.ndenumerate(numbers):
        axes.text(
            column, row, minus(f"{number:.{digits}f}"), ha="center", va="center", fontsize=TICK if count < 7 else SMALL
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
    """Up to four curves over the same `x`, told apart by colour and dash. `series`: name → values, (n,) each.

    `log` names the axes with a logarithmic scale: "x", "y" or "xy". A single curve has no legend: name it in the title
    or at the axis.
    """
    drawing, axes = framed(title, x_label, y_label, height)
    for number, (name, values) in enumerate(few(series).items()):
        axes.plot(x, values, color=COLOURS[number], linestyle=DASHES[number], label=name)
    for axis in log:
        getattr(axes, f"set_{axis}scale")("log")
    axes.grid(axis="y")
    explained(drawing, series)
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
    """Bars side by side for each group, a colour and a hatch for each series. `series`: name → values, one a group.

    With `numbers` each bar has its value above it, to three significant digits. A single series has no legend.
    """
    drawing, axes = framed(title, x_label, y_label, height)
    places, width = np.arange(len(groups)), 0.8 / len(few(series))
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
            axes.bar_label(drawn, [minus(f"{value:.3g}") for value in values], fontsize=SMALL, padding=1)
    axes.set_xticks(places, groups)
    axes.tick_params(axis="x", length=0)
    if numbers:
        axes.margins(y=0.12)
    explained(drawing, series)
    return drawing


def framed(title: str, x_label: str, y_label: str, height: float) -> tuple[Figure, Axes]:
    """An empty plot with its words."""
    drawing = canvas(height)
    axes = drawing.subplots()
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.set_title(title)
    return drawing, axes


def coloured(
    axes: Axes, values: np.ndarray, rows: Sequence[str] | None, columns: Sequence[str] | None, *, pale: bool = False
) -> AxesImage:
    """The image of the values, named at its sides."""
    low, high = values.min(), values.max()
    both = low < 0 < high
    limit = max(-low, high)
    colours = matplotlib.colormaps[DIVERGING if both else SEQUENTIAL]
    if pale:
        colours = ListedColormap(colours(np.linspace(*PALE[both], 256)))
    image = axes.imshow(values, aspect="auto", cmap=colours, vmin=-limit if both else low, vmax=limit if both else high)
    axes.spines[:].set_visible(False)
    named(axes.yaxis, rows, values.shape[0])
    named(axes.xaxis, columns, values.shape[1])
    return image


def named(axis: Axis, names: Sequence[str] | None, count: int) -> None:
    """Names at every place, or whole numbers at some."""
    if names is None:
        axis.get_major_locator().set_params(integer=True)
        return
    if len(names) != count:
        raise ValueError(f"{len(names)} names for {count} {'columns' if axis.axis_name == 'x' else 'rows'}")
    axis.set_ticks(range(count), names)
    axis.set_tick_params(length=0)


def explained(drawing: Figure, series: Mapping[str, ArrayLike]) -> None:
    """A legend below the plot, where it can cover nothing."""
    if len(series) > 1:
        drawing.legend(loc="outside lower center", ncols=2 if len(series) in (2, 4) else 3, handlelength=2.4)


def minus(number: str) -> str:
    """The number with a minus sign instead of a hyphen, as axes write it."""
    return number.replace("-", "−")


def few(series: Mapping[str, ArrayLike]) -> Mapping[str, ArrayLike]:
    if not 1 <= len(series) <= len(COLOURS):
        raise ValueError(f"{len(series)} series: one to {len(COLOURS)} can be told apart")
    return series


def two_dimensional(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"values have the shape {array.shape}, not (rows, columns)")
    return array
