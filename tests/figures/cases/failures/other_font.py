# figure-text: figure line(): the text 'x' is not set in the house font
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(1)
    drawing.text(0.5, 0.5, "x", family="DejaVu Sans")
    return drawing


@line.check
def _():
    pass
