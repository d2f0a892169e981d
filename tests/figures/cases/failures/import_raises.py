# figure-code: figure line(): its module raised ModuleNotFoundError: No module named 'no_such_library'
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import no_such_library


@figure(alt="a line")
def line() -> Figure:
    return no_such_library.draw()


@line.check
def _():
    pass
