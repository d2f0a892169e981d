# figure-look: figure line(): the texts 'one' and 'other' overlap
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas
from matplotlib.patheffects import withStroke


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    drawing.text(0.5, 0.5, "one", path_effects=[withStroke(linewidth=2, foreground="white")])
    drawing.text(0.52, 0.52, "other", path_effects=[withStroke(linewidth=2, foreground="white")])
    return drawing


@line.check
def _():
    pass
