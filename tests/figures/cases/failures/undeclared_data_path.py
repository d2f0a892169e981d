# figure-code: figure line(): drawing it raised LookupError: table.csv is not a data file of the figure (declared: none)
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

from deckgen.figures import data_path


@figure(alt="a line")
def line() -> Figure:
    return data_path("table.csv")


@line.check
def _():
    pass
