# figure-code: figure line(): drawing it raised KeyboardInterrupt
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    raise KeyboardInterrupt
    return canvas(2)


@line.check
def _():
    pass
