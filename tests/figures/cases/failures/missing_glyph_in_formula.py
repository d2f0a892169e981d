# figure-text: figure line(): Font 'rm' does not have a glyph for 
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(1)
    drawing.text(0.5, 0.5, r"$\mathrm{囧}$")
    return drawing


@line.check
def _():
    pass
