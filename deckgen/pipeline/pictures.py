"""deckgen figures: list, check and prune the pictures that the notes of a deck use."""

from collections.abc import Iterable
from pathlib import Path

from deckgen.build_lock import only_this_process
from deckgen.figures.survey import Survey, Use, find_uses, recheck, survey
from deckgen.model import Note
from deckgen.pictures import (
    FigureOptions,
    Progress,
    diagrams_of,
    figures_of,
    remove_unused_diagrams,
    remove_unused_pictures,
)
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.reading import ReadNotes, read_notes
from deckgen.pipeline.strict import stop_at_errors
from deckgen.project import Project
from deckgen.render import figure_references
from deckgen.sources import files_of, read_lock, read_project


def survey_figures(root: Path, *, options: FigureOptions, progress: Progress, again: bool = False) -> Survey:
    """Return the figures of the deck in the folder `root`. A figure that no note uses has its default parameters.

    Missing pictures are computed. With `again`, all pictures are computed again and compared with the frozen pictures, and
    nothing is written. Raises DeckError if the deck or the code of its figures cannot be read.
    """
    with only_this_process(root):
        project, read = _read(root, progress)
        figures = figures_of(project, read.problems, options)
        uses = _uses(read.notes)
        progress("computing figures", 0, len(uses))
        return recheck(figures, uses) if again else survey(figures, uses)


def prune_figures(root: Path, progress: Progress) -> list[str]:
    """Remove the frozen pictures that no note uses, and return their names.

    Raises DeckError if a note file cannot be read or a reference is wrong. Then nothing was removed.
    """
    with only_this_process(root):
        project, read = _read(root, progress)
        figures = figures_of(project, read.problems, FigureOptions(execute=False))
        # A wrong reference was meant for some picture. deckgen cannot know which one, so it removes none.
        wrong = find_uses(figures, _uses(read.notes)).problems
        stop_at_errors([*read.problems, *wrong], strict=False)
        return remove_unused_pictures(figures, read.notes) + remove_unused_diagrams(diagrams_of(project), read.notes)


def _uses(notes: Iterable[Note]) -> list[Use]:
    return [
        (ref, f"{note.file}:{note.line}") for note in notes for text in note.body for ref in figure_references(text)
    ]


def _read(root: Path, progress: Progress) -> tuple[Project, ReadNotes]:
    project = read_project(root)
    with Caches() as caches:
        read = read_notes(files_of(project, read_lock(root)[1]), progress, caches)
        caches.save()
    return project, read
