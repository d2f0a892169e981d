# 16:1: figure line is declared twice: first in declared_twice.py, line 6
from deckgen.figures import figure


@figure(alt="a line")
def line():
    pass


@line.check
def _():
    pass


@figure(alt="a line again")
def line():
    pass
