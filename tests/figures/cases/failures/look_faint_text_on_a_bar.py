# figure-look: figure line(): the text 'dark' has a contrast of 
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas


@figure(alt="a line")
def line() -> Figure:
    drawing = canvas(2)
    axes = drawing.subplots()
    axes.bar([0], [1], color="#2150D8")
    axes.text(0, 0.5, "dark", ha="center")
    return drawing


@line.check
def _():
    pass
