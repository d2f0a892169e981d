# 6:10: parameter n needs an annotation and a default
from deckgen.figures import figure


@figure(alt="a line")
def line(n=3):
    pass


@line.check
def _(n):
    pass
