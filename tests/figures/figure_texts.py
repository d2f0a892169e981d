"""Figure modules that several tests use. Imports nothing of deckgen, so that a process may still choose which."""

import sys

LINE = """\
from matplotlib.figure import Figure
from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line(n: int = 3, title: str = "线", slope: float = 1.0, grid: bool = False) -> Figure:
    drawing = canvas(2)
    axes = drawing.subplots()
    axes.plot([slope * x for x in range(n)])
    axes.set_title(title)
    axes.grid(grid)
    return drawing


@line.check
def _(n, title, slope, grid):
    assert n > 0, f"n is {n}"
"""


def find_modules_in(folder: str) -> None:
    """For new processes: what stands in the folder goes before what is installed."""
    sys.path.insert(0, folder)
