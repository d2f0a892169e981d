"""The pictures that notes ask for: computed all at once, or only looked at."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.figures import Figures, Request
from deckgen.figures.cluster import cluster
from deckgen.figures.pool import processes
from deckgen.model import Media, Note, Part
from deckgen.problems import DeckError, FigureError, Problem, Severity
from deckgen.project import Project
from deckgen.render import figure_references

# What parts a figure names is known once it is drawn; until then one that covers all of it stands for them.
_UNDRAWN = (Part("", None, 0, 0, 1, 1),)

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """How figures become pictures: on the Dask cluster at `scheduler` (empty: on this machine), with `refresh` even those that are
    frozen. Where `execute` is false no code of the deck runs, and pictures that are not frozen are errors."""

    refresh: bool = False
    scheduler: str = ""
    execute: bool = True


def figures_of(project: Project, problems: Sequence[Problem], options: FigureOptions) -> Figures:
    """The deck's figures. Raises DeckError with the other problems where their code cannot be read."""
    workers = cluster(options.scheduler) if options.scheduler else processes
    try:
        return Figures(
            project.figures_code, project.frozen, workers=workers, refresh=options.refresh, execute=options.execute
        )
    except DeckError as error:
        raise DeckError([*problems, *error.problems]) from error


def computed(figures: Figures, notes: Sequence[Note], progress: Progress) -> Callable[[str], Media]:
    """A function from reference to picture; all pictures are computed together, before the first is asked for."""
    requests = requested(figures, notes)
    wanted = {request for request in requests.values() if isinstance(request, Request)}
    progress("computing figures", 0, len(wanted))
    pictures = figures.compute(sorted(wanted, key=str))

    def figure(ref: str) -> Media:
        request = requests[ref] if ref in requests else figures.request(ref)
        found = (
            request
            if isinstance(request, FigureError)
            else pictures.get(request) or figures.compute([request])[request]
        )
        if isinstance(found, FigureError):
            raise found
        return replace(found, alt=request.alt)

    return figure


def requested(figures: Figures, notes: Iterable[Note]) -> dict[str, Request | FigureError]:
    """What the references in the notes ask for, or why one stands for no figure."""
    requests: dict[str, Request | FigureError] = {}
    for ref in {ref: None for note in notes for text in note.body for ref in figure_references(text)}:
        try:
            requests[ref] = figures.request(ref)
        except FigureError as error:
            requests[ref] = error
    return requests


def spare(figures: Figures, notes: Iterable[Note]) -> list[Problem]:
    """A word on the frozen pictures that no note uses."""
    unused = unused_files(figures, notes)
    if not unused:
        return []
    message = f"no note uses {len(unused)} of the frozen pictures"
    return [
        Problem(
            str(figures.folder),
            0,
            0,
            Severity.INFO,
            "figure-unused",
            message,
            f"deckgen figures {figures.folder.parent.parent} --prune removes them",
        )
    ]


def pruned(figures: Figures, notes: Iterable[Note]) -> list[str]:
    """Remove the files of the frozen pictures that no note uses; return the names of the pictures."""
    unused = unused_files(figures, notes)
    for path in (path for paths in unused.values() for path in paths):
        path.unlink()
    return sorted(unused)


def unused_files(figures: Figures, notes: Iterable[Note]) -> dict[str, list[Path]]:
    """The files of frozen pictures that no note uses, by picture."""
    if not figures.folder.is_dir():
        return {}
    return figures.unused(request for request in requested(figures, notes).values() if isinstance(request, Request))


def uncomputed(figures: Figures) -> Callable[[str], Media]:
    """A function that only checks that a reference could be computed: for commands that write nothing."""

    def figure(ref: str) -> Media:
        request = figures.request(ref)
        return Media(f"fig-{request.name}.webp", Path(), request.alt, _UNDRAWN)

    return figure
