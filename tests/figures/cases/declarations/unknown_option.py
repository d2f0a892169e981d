# 5:28: figure line: @figure does not take size
from deckgen.figures import figure


@figure(alt="a line", size=3)
def line():
    pass


@line.check
def _():
    pass
