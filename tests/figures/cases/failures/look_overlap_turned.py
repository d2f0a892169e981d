# figure-look: figure line(): the texts 'first label' and 'second label' overlap
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.text(0.2, 0.2, "first label", rotation=45)
    drawing.text(0.22, 0.2, "second label", rotation=-45)
    return drawing


@line.check
def _():
    pass
