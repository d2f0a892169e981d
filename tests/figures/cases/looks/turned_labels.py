# Their boxes overlap, they do not.
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    axes = drawing.subplots()
    axes.bar([f"label {n}" for n in range(8)], range(8))
    axes.tick_params(axis="x", labelrotation=45)
    return drawing


@line.check
def _():
    pass
