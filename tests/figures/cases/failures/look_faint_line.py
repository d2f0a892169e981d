# figure-look: figure line(): the line 'pale' has a contrast of 2.2 in light mode, less than 3
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.subplots().plot([1, 2], color="#b0b0b0", label="pale")
    return drawing


@line.check
def _():
    pass
