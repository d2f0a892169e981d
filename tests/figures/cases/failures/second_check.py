# figure-check: figure line(): its check failed: ZeroDivisionError: division by zero
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    return canvas(1)


@line.check
def _():
    assert True


@line.check
def _():
    1 / 0
