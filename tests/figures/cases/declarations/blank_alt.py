# 5:2: figure line needs an alt text
from deckgen.figures import figure


@figure(alt=" ")
def line():
    pass


@line.check
def _():
    pass
