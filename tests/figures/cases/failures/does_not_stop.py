# figure-timeout: figure line(): it took longer than 0.5 s and was killed
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

BIG = 3


@figure(alt="a line", timeout=0.5)
def line() -> Figure:
    return sum(range(BIG * 10**11))


@line.check
def _():
    pass
