# figure-code: figure line(): drawing it raised KeyError: 'x'
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    return {}["x"]


@line.check
def _():
    pass
