# figure-outside: figure line(): it reads /etc/hostname, which is not declared
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

from threading import Thread


@figure(alt="a line")
def line() -> Figure:
    thread = Thread(target=open, args=["/etc/hostname"])
    thread.start()
    thread.join()
    return canvas(2)


@line.check
def _():
    pass
