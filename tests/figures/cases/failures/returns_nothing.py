# figure-code: figure line(): it returned NoneType, not a matplotlib Figure
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    canvas(1)


@line.check
def _():
    pass
