# figure-look: figure line(): the text 'beyond' is cut off by 
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.subplots().text(0.95, 0.5, "beyond", clip_on=True)
    return drawing


@line.check
def _():
    pass
