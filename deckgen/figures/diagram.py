"""Block diagrams: boxes and arrows with an automatic layout."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from deckgen.figures.layout import MARGIN, Arrow, Box, Point, compute_layout
from deckgen.figures.parts import part
from deckgen.figures.style import BLUE, FAMILY, INK, MUTED, SMALL, TEXT, TITLE, WIDTH, canvas

CORNER_RADIUS = 0.07  # inches


def block_diagram(
    blocks: Mapping[str, str],
    arrows: Iterable[tuple[str, str] | tuple[str, str, str]],
    *,
    title: str = "",
    colours: Mapping[str, str] = MappingProxyType({}),
) -> Figure:
    """Draw boxes from top to bottom, in the order of the arrows. An arrow over several rows goes around the boxes.

    `blocks`: name → text, which may have several lines. `arrows`: pairs of names, optionally with a label as a third
    item. `colours`: name → colour of the box; the default is blue. Each box is a part with the name of its block.
    Raises ValueError if arrows form a circle or name no block, or if a row is wider than a phone.
    """
    if not blocks:
        raise ValueError("no blocks")
    directed = [Arrow(*arrow) for arrow in arrows]
    sizes = {name: (max(map(text_width, text.split("\n"))), text.count("\n") + 1) for name, text in blocks.items()}
    layout = compute_layout(sizes, directed, title=bool(title))
    drawing = canvas(layout.height)
    drawing.set_layout_engine("none")
    axes = drawing.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, layout.height))
    axes.set_axis_off()
    if title:
        axes.text(WIDTH / 2, layout.height - MARGIN, title, fontsize=TITLE, weight="bold", ha="center", va="top")
    for arrow, points in layout.routes.items():
        draw_arrow(axes, points, arrow.label)
    for name, text in blocks.items():
        part(draw_box(axes, layout.boxes[name], text, colours.get(name, BLUE)), name)
    return drawing


def text_width(text: str) -> float:
    """Return the width of a line of text in inches."""
    font = FontProperties(family=FAMILY, weight="bold")
    return TextPath((0, 0), text, size=TEXT, prop=font).get_extents().width / 72 if text.strip() else 0


def draw_box(axes: Axes, box: Box, text: str, colour: str) -> FancyBboxPatch:
    """Draw a box with its text and return its patch."""
    corner = box.x - box.width / 2 + CORNER_RADIUS, box.y - box.height / 2 + CORNER_RADIUS
    drawn = axes.add_patch(
        FancyBboxPatch(
            corner,
            box.width - 2 * CORNER_RADIUS,
            box.height - 2 * CORNER_RADIUS,
            f"round,pad={CORNER_RADIUS}",
            facecolor=to_rgba(colour, 0.13),
            edgecolor=colour,
            linewidth=1.4,
        )
    )
    axes.text(box.x, box.y, text, color=INK, weight="bold", ha="center", va="center_baseline", linespacing=1.15)
    return drawn  # type: ignore[return-value]


def draw_arrow(axes: Axes, points: tuple[Point, ...], label: str) -> None:
    """Draw an arrow through the points (inches), with its label in the middle."""
    axes.add_patch(
        FancyArrowPatch(
            path=Path(points),
            arrowstyle="-|>,head_length=5,head_width=2.5",
            mutation_scale=1,
            color=MUTED,
            linewidth=1.3,
            joinstyle="round",
            capstyle="butt",
            fill=True,
        )
    )
    if not label:
        return
    if len(points) == 2:
        (x0, y0), (x1, y1) = points
        axes.text((x0 + x1) / 2 + 0.07, (y0 + y1) / 2, label, color=MUTED, fontsize=SMALL, va="center")
    else:
        (x, top), (_, bottom) = points[2:4]
        outwards = -0.035 if x < WIDTH / 2 else 0.035
        axes.text(
            x - outwards,
            (top + bottom) / 2,
            label,
            color=MUTED,
            fontsize=SMALL,
            va="center",
            rotation=90,
            ha="left" if outwards < 0 else "right",
        )
