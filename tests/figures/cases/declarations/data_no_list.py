# 5:28: figure line: data is not a list
from deckgen.figures import figure


@figure(alt="a line", data="table.csv")
def line():
    pass


@line.check
def _():
    pass
