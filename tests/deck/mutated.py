"""A copy of one of the deck's figures and of its models, with one piece of code changed, to see that a figure's check refuses the picture."""

from concurrent.futures import Executor
from pathlib import Path
from shutil import copy, copytree

from deckgen.figures import Figures
from deckgen.problems import FigureError

DECK = Path(__file__).parents[2] / "notes" / "figures"


def refusal(figure: str, file: str, old: str, new: str, folder: Path, workers: Executor) -> FigureError:
    """The error that says why the figure, with `old` in the file replaced by `new`, is not taken for right."""
    directory = folder / "figures"
    copytree(DECK / "models", directory / "models")
    copy(DECK / f"{figure}.py", directory)
    text = (directory / file).read_text("utf-8")
    assert old in text
    (directory / file).write_text(text.replace(old, new), "utf-8")
    figures = Figures(directory, folder / "cache")
    [request] = figures.declared
    error = figures.compute([request], workers)[request]
    assert isinstance(error, FigureError), "the picture was taken for right"
    assert error.code == "figure-check", str(error)
    return error
