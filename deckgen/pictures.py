"""The pictures that notes ask for: computed all at once, or only looked at."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from deckgen.figures import Figures
from deckgen.figures.cluster import cluster
from deckgen.figures.pool import processes
from deckgen.model import Media, Note, Part
from deckgen.problems import DeckError, FigureError, Problem
from deckgen.project import Project
from deckgen.render import figure_references

# What parts a figure names is known once it is drawn; until then one that covers all of it stands for them.
_UNDRAWN = (Part("", None, 0, 0, 1, 1),)

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done, and how many there are."""


def figures_of(project: Project, out: Path, problems: Sequence[Problem], refresh: bool, scheduler: str) -> Figures:
    """The deck's figures. Raises DeckError with the other problems where their code cannot be read."""
    workers = cluster(scheduler) if scheduler else processes
    try:
        return Figures(project.root / "figures", out / ".figures", workers, refresh=refresh)
    except DeckError as error:
        raise DeckError([*problems, *error.problems]) from error


def computed(figures: Figures, notes: Sequence[Note], progress: Progress) -> Callable[[str], Media]:
    """A function from reference to picture; all pictures are computed together, before the first is asked for."""
    requests = {}
    for ref in {ref: None for note in notes for ref in figure_references(note.answer)}:
        try:
            requests[ref] = figures.request(ref)
        except FigureError as error:
            requests[ref] = error
    wanted = {request for request in requests.values() if not isinstance(request, FigureError)}
    progress("computing figures", 0, len(wanted))
    pictures = figures.compute(sorted(wanted, key=str))

    def figure(ref: str) -> Media:
        request = requests[ref] if ref in requests else figures.request(ref)
        found = request if isinstance(request, FigureError) else pictures.get(request) or figures.compute([request])[request]
        if isinstance(found, FigureError):
            raise found
        return replace(found, alt=request.alt)

    return figure


def uncomputed(figures: Figures) -> Callable[[str], Media]:
    """A function that only checks that a reference could be computed: for commands that write nothing."""

    def figure(ref: str) -> Media:
        request = figures.request(ref)
        return Media(f"fig-{request.name}.webp", Path(), request.alt, _UNDRAWN)

    return figure
