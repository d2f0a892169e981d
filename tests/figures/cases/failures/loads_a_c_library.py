# figure-outside: figure line(): it loads a library with ctypes (libc.so.6)
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import ctypes


@figure(alt="a line")
def line() -> Figure:
    ctypes.CDLL("libc.so.6").open(b"/etc/hostname", 0)
    return canvas(2)


@line.check
def _():
    pass
