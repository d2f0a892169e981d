# 6:13: parameter n is annotated list[int], which a reference cannot give
from deckgen.figures import figure


@figure(alt="a line")
def line(n: list[int] = 3):
    pass


@line.check
def _(n):
    pass
