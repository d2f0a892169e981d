"""Computes the places of the boxes and arrows of a block diagram, in inches from the lower left corner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import count

from deckgen.figures.style import WIDTH

BOX_HEIGHT, LINE_HEIGHT = 0.34, 0.2  # height of a box of one line, and of each further line
ROW_GAP = 0.4  # between rows of boxes
LANE_WIDTH = 0.26  # width of a lane next to the boxes, for an arrow over several rows
MARGIN, BOX_GAP, TITLE_HEIGHT = 0.06, 0.2, 0.32  # at the edges, between boxes, for a title

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between two blocks, by their names."""

    start: str
    end: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its centre, width and height in inches."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The height of the figure, the box of each block, and the points of each arrow, in inches."""

    height: float
    boxes: Mapping[str, Box]
    routes: Mapping[Arrow, tuple[Point, ...]]


def block_rows(names: Sequence[str], arrows: Iterable[Arrow]) -> dict[str, int]:
    """Return the row of each block, from 0. It is one below the lowest block with an arrow to it.

    Raises ValueError if arrows form a circle or name no block.
    """
    before: dict[str, set[str]] = {name: set() for name in names}
    for arrow in arrows:
        for end in (arrow.start, arrow.end):
            if end not in before:
                raise ValueError(f"an arrow names {end!r}, which is no block")
        before[arrow.end].add(arrow.start)
    try:
        order = [*TopologicalSorter(before).static_order()]
    except CycleError as error:
        raise ValueError(f"the arrows run in a circle: {' → '.join(error.args[1])}") from None
    found: dict[str, int] = {}
    for name in order:
        found[name] = max((found[each] + 1 for each in before[name]), default=0)
    return {name: found[name] for name in names}


def assign_lanes(arrows: Iterable[Arrow], row_of: Mapping[str, int], offset: Mapping[str, float]) -> dict[Arrow, int]:
    """Return the lane of each arrow over several rows: −1, −2, … to the left of the boxes, 1, 2, … to the right.

    Arrows with overlapping rows get different lanes. `offset` is the place of a block in its row, from −1 (left) to 1.
    """
    taken: dict[int, list[tuple[int, int]]] = {}
    found: dict[Arrow, int] = {}
    for arrow in sorted(arrows, key=lambda arrow: (row_of[arrow.end] - row_of[arrow.start], row_of[arrow.start])):
        first, last = row_of[arrow.start], row_of[arrow.end]
        if last - first < 2:
            continue
        side = 1 if offset[arrow.start] + offset[arrow.end] > 0 else -1
        free = (n for n in count(1) if all(first >= end or last <= start for start, end in taken.get(side * n, ())))
        found[arrow] = side * next(free)
        taken.setdefault(found[arrow], []).append((first, last))
    return found


def compute_layout(sizes: Mapping[str, tuple[float, int]], arrows: Sequence[Arrow], *, title: bool) -> Layout:
    """Return the layout for blocks with these text widths (inches) and numbers of lines.

    Raises ValueError if a row is too wide, or if arrows form a circle or name no block.
    """
    row_of = block_rows([*sizes], arrows)
    rows = [[name for name in sizes if row_of[name] == row] for row in range(max(row_of.values()) + 1)]
    offset = {name: (2 * place + 1) / len(row) - 1 for row in rows for place, name in enumerate(row)}
    lane = assign_lanes(arrows, row_of, offset)
    left = MARGIN - LANE_WIDTH * min([0, *lane.values()])
    right = WIDTH - MARGIN - LANE_WIDTH * max([0, *lane.values()])
    heights = [max(BOX_HEIGHT + LINE_HEIGHT * (sizes[name][1] - 1) for name in row) for row in rows]
    total = sum(heights) + ROW_GAP * (len(rows) - 1) + 2 * MARGIN + TITLE_HEIGHT * title
    boxes: dict[str, Box] = {}
    top = total - MARGIN - TITLE_HEIGHT * title
    for row, height in zip(rows, heights, strict=True):
        boxes |= row_boxes(row, sizes, left, right, top - height / 2, height)
        top -= height + ROW_GAP
    ports = {**port_positions("start", boxes, arrows, lane), **port_positions("end", boxes, arrows, lane)}
    return Layout(total, boxes, {arrow: arrow_points(arrow, boxes, ports, lane, left, right) for arrow in arrows})


def row_boxes(
    row: Sequence[str], sizes: Mapping[str, tuple[float, int]], left: float, right: float, y: float, height: float
) -> dict[str, Box]:
    """Return the boxes of a row, each as wide as its text, centred as a whole. Raises ValueError if the row is too wide."""
    widths = [max(sizes[name][0] + 0.24, min(1.5, (right - left) / len(row) - BOX_GAP)) for name in row]
    spare = right - left - sum(widths) - BOX_GAP * (len(row) - 1)
    if spare < 0:
        raise ValueError(
            f"the row {', '.join(row)} is {-spare:.1f} inches too wide: shorten a label or break it with \\n"
        )
    x, found = left + spare / 2, {}
    for name, width in zip(row, widths, strict=True):
        found[name] = Box(x + width / 2, y, width, height)
        x += width + BOX_GAP
    return found


def port_positions(
    end: str, boxes: Mapping[str, Box], arrows: Sequence[Arrow], lane: Mapping[Arrow, int]
) -> dict[tuple[Arrow, str], float]:
    """Return the x at which each arrow leaves (`end` is "start") or enters ("end") its box, in inches.

    Arrows in lanes are at the sides of the box. The others are in the middle, in the order of the boxes they come from.
    """
    other = "end" if end == "start" else "start"
    found: dict[tuple[Arrow, str], float] = {}
    for name, box in boxes.items():
        here = [arrow for arrow in arrows if getattr(arrow, end) == name]
        straight = sorted(
            (arrow for arrow in here if arrow not in lane), key=lambda arrow: boxes[getattr(arrow, other)].x
        )
        for number, arrow in enumerate(straight):
            found[arrow, end] = box.x + 0.6 * box.width * ((number + 0.5) / len(straight) - 0.5)
        for side in (-1, 1):
            in_lanes = sorted(
                (arrow for arrow in here if lane.get(arrow, 0) * side > 0), key=lambda arrow: abs(lane[arrow])
            )
            for number, arrow in enumerate(in_lanes):
                found[arrow, end] = box.x + side * box.width * (0.34 + 0.1 * (number + 1) / (len(in_lanes) + 1))
    return found


def arrow_points(
    arrow: Arrow,
    boxes: Mapping[str, Box],
    ports: Mapping[tuple[Arrow, str], float],
    lane: Mapping[Arrow, int],
    left: float,
    right: float,
) -> tuple[Point, ...]:
    """Return the corners of an arrow: a straight line to the next row, or a path through its lane."""
    start, end = boxes[arrow.start], boxes[arrow.end]
    first, last = (ports[arrow, "start"], start.y - start.height / 2), (ports[arrow, "end"], end.y + end.height / 2)
    if arrow not in lane:
        return first, last
    way = abs(lane[arrow]) - 0.5
    x = left - LANE_WIDTH * way if lane[arrow] < 0 else right + LANE_WIDTH * way
    out, back = first[1] - 0.3 * ROW_GAP, last[1] + 0.55 * ROW_GAP
    return first, (first[0], out), (x, out), (x, back), (last[0], back), last
