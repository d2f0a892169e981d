# figure-code: figure line(): drawing it raised ModuleNotFoundError: No module named 'exits'
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import importlib


@figure(alt="a line")
def line() -> Figure:
    return importlib.import_module("exits").line()


@line.check
def _():
    pass
