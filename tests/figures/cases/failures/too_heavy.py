# figure-size: figure line(): the picture takes 
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import numpy


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(3)
    drawing.subplots().imshow(numpy.random.default_rng(1).random((400, 400)), aspect="auto")
    return drawing


@line.check
def _():
    pass
