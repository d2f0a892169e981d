# 9:19: the default of n is not a literal
from deckgen.figures import figure


THREE = 3


@figure(alt="a line")
def line(n: int = THREE):
    pass


@line.check
def _(n):
    pass
