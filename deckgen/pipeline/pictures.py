"""deckgen figures: the pictures that the notes of a deck use."""

from collections.abc import Iterator
from pathlib import Path

from deckgen.figures import Figures
from deckgen.figures.survey import Survey, recheck, survey
from deckgen.pictures import FigureOptions, Progress, figures_of, pruned
from deckgen.pipeline.reading import ReadNotes, read_notes
from deckgen.pipeline.strict import stop_at_errors
from deckgen.problems import FigureError, Problem, Severity
from deckgen.project import Project
from deckgen.render import figure_references
from deckgen.sources import files_of, read_lock, read_project


def survey_figures(root: Path, *, options: FigureOptions, progress: Progress, again: bool = False) -> Survey:
    """The figures of a deck: those that its notes use, and with their defaults those that none does.

    With `again` all are computed again and compared with the frozen pictures, and nothing is written. Raises DeckError where the deck or
    the code of its figures cannot be read.
    """
    project, read = _read(root, progress)
    figures = figures_of(project, read.problems, options)
    uses = [
        (ref, f"{note.file}:{note.line}")
        for note in read.notes
        for text in note.body
        for ref in figure_references(text)
    ]
    progress("computing figures", 0, len(uses))
    return recheck(figures, uses) if again else survey(figures, uses)


def prune_figures(root: Path, progress: Progress) -> list[str]:
    """Remove the frozen pictures that no note uses, and return their names. Raises DeckError where that cannot be known, as for a file
    that cannot be read; then nothing was removed."""
    project, read = _read(root, progress)
    figures = figures_of(project, read.problems, FigureOptions(execute=False))
    stop_at_errors([*read.problems, *_wrong_references(figures, read)], strict=False)
    return pruned(figures, read.notes)


def _wrong_references(figures: Figures, read: ReadNotes) -> Iterator[Problem]:
    """References that name no picture: nobody can tell which picture they were meant to use."""
    for note in read.notes:
        for ref in (ref for text in note.body for ref in figure_references(text)):
            try:
                figures.request(ref)
            except FigureError as error:
                yield Problem(note.file, note.line, 1, Severity.ERROR, error.code, str(error), error.hint)


def _read(root: Path, progress: Progress) -> tuple[Project, ReadNotes]:
    project = read_project(root)
    return project, read_notes(files_of(project, read_lock(root)[1]), progress)
