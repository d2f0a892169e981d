# 6:19: the default of n is not of type int
from deckgen.figures import figure


@figure(alt="a line")
def line(n: int = True):
    pass


@line.check
def _(n):
    pass
