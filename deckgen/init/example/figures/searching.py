import numpy as np
from matplotlib.figure import Figure

from deckgen.figures import figure
from deckgen.figures.plots import block_diagram, lines


def halvings(entries: int) -> int:
    """The steps until nothing is left of a list that is halved."""
    steps = 0
    while entries:
        entries //= 2
        steps += 1
    return steps


@figure(alt="The steps of a linear search grow with the list. Those of a binary search hardly grow")
def steps(most: int = 64) -> Figure:
    n = np.arange(1, most + 1)
    return lines(
        n,
        {"linear": n, "binary": np.array([halvings(int(entries)) for entries in n])},
        x_label="entries",
        y_label="steps at most",
    )


@steps.check
def _(most: int) -> None:
    for n in range(1, most + 1):
        assert halvings(n) == int(np.ceil(np.log2(n + 1))), f"{n} entries need {halvings(n)} steps"


@figure(alt="A binary tree: a root, an inner node below it, and three leaves")
def tree() -> Figure:
    return block_diagram(
        {"root": "root", "inner": "inner node", "right": "leaf", "first": "leaf", "second": "leaf"},
        [("root", "inner"), ("root", "right"), ("inner", "first"), ("inner", "second")],
    )


@tree.check
def _() -> None:
    pass  # a diagram has no numbers that could be checked
