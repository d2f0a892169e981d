# 5:9: figure line: what @figure takes is named
from deckgen.figures import figure


@figure("a line")
def line():
    pass


@line.check
def _():
    pass
