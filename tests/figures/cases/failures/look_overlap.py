# figure-look: figure line(): the texts 'one' and 'other' overlap
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.text(0.5, 0.5, "one")
    drawing.text(0.52, 0.52, "other")
    return drawing


@line.check
def _():
    pass
