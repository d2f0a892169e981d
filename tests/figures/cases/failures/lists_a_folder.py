# figure-outside: figure line(): it reads /etc, which is not declared
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

from glob import glob


@figure(alt="a line")
def line() -> Figure:
    glob("/etc/*")
    return canvas(2)


@line.check
def _():
    pass
