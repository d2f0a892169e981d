# 16:1: there already is a figure line in declared_twice.py, line 6
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
