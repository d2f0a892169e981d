# figure-outside: figure line(): it reads /etc/hostname, which is not declared
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import numpy as np


@figure(alt="a line")
def line() -> Figure:
    np.load("/etc/hostname")
    return canvas(2)


@line.check
def _():
    pass
