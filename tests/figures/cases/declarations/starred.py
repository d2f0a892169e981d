# 6:11: figure line: sizes cannot be given by name
from deckgen.figures import figure


@figure(alt="a line")
def line(*sizes):
    pass


@line.check
def _():
    pass
