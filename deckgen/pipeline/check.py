"""deckgen check and deckgen list: run the stages that write nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckgen.figures import Figures
from deckgen.model import RenderedNote
from deckgen.pictures import Progress, figure_placeholder
from deckgen.pipeline.reading import read_notes
from deckgen.pipeline.rendering import render_notes
from deckgen.problems import Problem
from deckgen.sources import files_at


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The notes of some files in reading order, and their problems in the order of places."""

    notes: tuple[RenderedNote, ...]
    problems: tuple[Problem, ...]


def check(paths: Iterable[Path], progress: Progress) -> CheckResult:
    """Read and render the notes of files and folders, and return them with their problems. Nothing is written.

    The files need no deck.toml. If there is one around a path, its settings are used. Raises DeckError if a path has no note
    files, or if a deck.toml, a lock or the code of the figures cannot be read.
    """
    read = read_notes([file for path in paths for file in files_at(path)], progress)
    code = {file.root: file.figures or file.root / "figures" for file in read.files.values()}
    figures = {root: figure_placeholder(Figures(code[root])) for root in read.roots}
    rendered, problems = render_notes(read, figures, progress)
    return CheckResult(tuple(rendered), tuple(sorted([*read.problems, *problems])))
