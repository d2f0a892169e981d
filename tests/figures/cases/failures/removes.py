# figure-outside: figure line(): it writes outside.txt
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import os


@figure(alt="a line")
def line() -> Figure:
    os.remove("outside.txt")
    return canvas(2)


@line.check
def _():
    pass
