# figure-outside: figure line(): it starts a process (subprocess.Popen)
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import subprocess


@figure(alt="a line")
def line() -> Figure:
    subprocess.run(["true"])
    return canvas(2)


@line.check
def _():
    pass
