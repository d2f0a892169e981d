# 6:1: figure line has no check
from deckgen.figures import figure


@figure(alt="a line")
def line():
    pass
