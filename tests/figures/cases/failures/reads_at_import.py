# figure-outside: figure line(): it reads /etc/passwd, which is not declared
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

from pathlib import Path

TEXT = Path("/etc/passwd").read_text()


@figure(alt="a line")
def line() -> Figure:
    return canvas(2)


@line.check
def _():
    pass
