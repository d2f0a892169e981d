# A thin line through a label leaves it readable.
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    axes = drawing.subplots()
    axes.plot([0, 1], [0.5, 0.5])
    axes.text(0.5, 0.5, "across", va="center")
    return drawing


@line.check
def _():
    pass
