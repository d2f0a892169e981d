# figure-code: figure line(): line is no longer a figure after its module has run
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    return canvas(2)


@line.check
def line():
    pass
