# 5:29: figure line: the name of a data file is not a string literal
from deckgen.figures import figure


@figure(alt="a line", data=[NAME])
def line():
    pass


@line.check
def _():
    pass
