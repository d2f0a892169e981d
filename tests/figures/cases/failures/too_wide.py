# figure-size: figure line(): the picture is 975 px wide, not 780
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    return Figure(figsize=(5, 1))


@line.check
def _():
    pass
