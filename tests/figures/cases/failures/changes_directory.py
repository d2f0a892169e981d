# figure-outside: figure line(): it changes the working directory to /
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import os


@figure(alt="a line")
def line() -> Figure:
    os.chdir("/")
    return canvas(2)


@line.check
def _():
    pass
