# figure-look: figure line(): the text 'grey' has a contrast of 4.3 in night mode, less than 4.5
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.text(0.5, 0.5, "grey", color="#707070")
    return drawing


@line.check
def _():
    pass
