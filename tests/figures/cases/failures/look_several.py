# figure-look: figure line(): the text 'tiny' is set in 7 pt, less than 8.5; the text 'pale' has a contrast of 
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.text(0.2, 0.5, "tiny", fontsize=7)
    drawing.text(0.6, 0.5, "pale", color="orange")
    return drawing


@line.check
def _():
    pass
