# 5:9: figure line: @figure takes keyword arguments only
from deckgen.figures import figure


@figure("a line")
def line():
    pass


@line.check
def _():
    pass
