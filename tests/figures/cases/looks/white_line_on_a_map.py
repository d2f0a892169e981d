# A line is seen against what it crosses.
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    axes = drawing.subplots()
    axes.imshow([[1, 1], [1, 1]], vmin=0, vmax=1, aspect="auto")
    axes.plot([0, 1], [0, 1], color="white")
    return drawing


@line.check
def _():
    pass
