# 5:29: figure line: there is no data file ../table.csv
from deckgen.figures import figure


@figure(alt="a line", data=["../table.csv"])
def line():
    pass


@line.check
def _():
    pass
