# figure-lost: figure line(): its process ended before the figure was done: exit status 0
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import os


@figure(alt="a line")
def line() -> Figure:
    os._exit(0)
    return canvas(2)


@line.check
def _():
    pass
