# figure-outside: figure line(): it starts a process (os.fork)
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import os


@figure(alt="a line")
def line() -> Figure:
    os.fork()
    return canvas(2)


@line.check
def _():
    pass
