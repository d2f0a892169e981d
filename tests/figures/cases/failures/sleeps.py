# figure-timeout: figure line(): drawing it took longer than 0.5 s
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import time


@figure(alt="a line", timeout=0.5)
def line() -> Figure:
    time.sleep(60)
    return canvas(2)


@line.check
def _():
    pass
