# figure-code: figure line(): rendering it raised ValueError
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(1)
    drawing.text(0.5, 0.5, r"$\nonsense$")
    return drawing


@line.check
def _():
    pass
