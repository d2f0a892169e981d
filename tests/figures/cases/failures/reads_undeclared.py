# figure-outside: figure line(): it reads /etc/passwd, which is not declared
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas




@figure(alt="a line")
def line() -> Figure:
    open("/etc/passwd").read()
    return canvas(2)


@line.check
def _():
    pass
