# figure-look: figure line(): line 1 has a contrast of 
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas
from matplotlib.patches import FancyArrowPatch


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    axes = drawing.subplots()
    axes.add_patch(FancyArrowPatch((0.1, 0.1), (0.9, 0.9), color="#c0c0c0"))
    return drawing


@line.check
def _():
    pass
