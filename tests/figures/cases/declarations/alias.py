# 9:13: parameter n is annotated complex, which a reference cannot give
from deckgen.figures import figure

import deckgen.figures as figs
from deckgen.figures import figure as declare


@figs.figure(alt="a line")
def line(n: complex = 1j):
    pass


@declare(alt="another")
def other(n: int = 1):
    pass


@other.check
def _(n):
    pass


@line.check
def _(n):
    pass
