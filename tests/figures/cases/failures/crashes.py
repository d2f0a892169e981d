# figure-lost: figure line(): its process ended before the figure was done: signal SIGSEGV
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import ctypes


@figure(alt="a line")
def line() -> Figure:
    return ctypes.string_at(0)


@line.check
def _():
    pass
