# Labels that are not drawn overlap nothing.
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    axes = drawing.subplots()
    axes.set_axis_off()
    drawing.text(0.15, 0.12, "over hidden ticks")
    return drawing


@line.check
def _():
    pass
