# figure-code: figure line(): drawing it raised SystemExit: 2
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import sys


@figure(alt="a line")
def line() -> Figure:
    sys.exit(2)


@line.check
def _():
    pass
