# figure-outside: figure line(): it uses the network (socket.getaddrinfo)
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.style import canvas

import socket


@figure(alt="a line")
def line() -> Figure:
    socket.create_connection(("127.0.0.1", 9))
    return canvas(2)


@line.check
def _():
    pass
