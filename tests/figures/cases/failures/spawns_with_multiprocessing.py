# figure-outside: figure line(): it starts a process (multiprocessing)
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import multiprocessing


@figure(alt="a line")
def line() -> Figure:
    multiprocessing.get_context("spawn").Process(target=print).start()
    return canvas(2)


@line.check
def _():
    pass
