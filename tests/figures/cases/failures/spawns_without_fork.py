# figure-outside: figure line(): it starts a process (os.posix_spawn)
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import os


@figure(alt="a line")
def line() -> Figure:
    os.posix_spawn("/bin/true", ["true"], {})
    return canvas(2)


@line.check
def _():
    pass
