# figure-outside: figure line(): it writes outside.txt
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas




@figure(alt="a line")
def line() -> Figure:
    open("outside.txt", "w")
    return canvas(2)


@line.check
def _():
    pass
