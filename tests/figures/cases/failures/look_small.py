# figure-look: figure line(): the text 'tiny' is set in 7 pt, less than 8.5
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.text(0.5, 0.5, "tiny", fontsize=7)
    return drawing


@line.check
def _():
    pass
