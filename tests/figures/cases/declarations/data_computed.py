# 5:29: figure line: a data file is named by a string literal
from deckgen.figures import figure


@figure(alt="a line", data=[NAME])
def line():
    pass


@line.check
def _():
    pass
