# 5:31: figure line: timeout is not a number of seconds
from deckgen.figures import figure


@figure(alt="a line", timeout="60")
def line():
    pass


@line.check
def _():
    pass
