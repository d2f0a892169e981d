# figure-look: figure line(): the text 'pale' has a contrast of 2.0 in light mode, less than 4.5
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.text(0.5, 0.5, "pale", color="orange")
    return drawing


@line.check
def _():
    pass
