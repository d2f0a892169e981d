# figure-check: figure line(n=3): its check failed: n is 3, not 4
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line(n: int = 3) -> Figure:
    return canvas(1)


@line.check
def _(n):
    assert n == 4, f"n is {n}, not 4"
