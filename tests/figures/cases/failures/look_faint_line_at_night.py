# figure-look: figure line(): line 1 has a contrast of 2.8 in night mode, less than 3
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.subplots().plot([1, 2], color="#909090")
    return drawing


@line.check
def _():
    pass
