# Sub- and superscripts may be small.
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.text(0.5, 0.5, r"$x_{i_j}^{2}$", fontsize=8.5)
    return drawing


@line.check
def _():
    pass
