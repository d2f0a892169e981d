"""Figure modules that several tests use."""

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
