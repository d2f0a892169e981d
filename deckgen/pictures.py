"""Load the pictures of the figures that notes refer to."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.command_word import word
from deckgen.figures import Figures, Request
from deckgen.figures.cluster import cluster_workers
from deckgen.figures.diagrams import FOLDER_NAME as DIAGRAMS
from deckgen.figures.diagrams import Diagrams, is_installed
from deckgen.model import Media, Note, Part
from deckgen.problems import DeckError, FigureError, Problem, Severity
from deckgen.project import FIGURES, Project
from deckgen.render import figure_references
from deckgen.scan.diagrams import Diagram, find_diagrams

# The parts of a figure are known only after it is drawn. Before that, one part covers all of it.
_PLACEHOLDER_PARTS = (Part("", None, 0, 0, 1, 1),)

Progress = Callable[[str, int, int], None]
"""A function that is called with what is being done, how many are done, and how many there are."""


class FigureOptions(Struct, frozen=True):
    """How figures are computed: on the Dask cluster at `scheduler`, or on this machine if it is empty.

    With `refresh`, frozen pictures are computed again. If `execute` is false, no code of the deck runs, and a picture that
    is not frozen is an error.
    """

    refresh: bool = False
    scheduler: str = ""
    execute: bool = True


def figures_of(project: Project, problems: Sequence[Problem], options: FigureOptions) -> Figures:
    """Return the figures of the deck. Raises DeckError, with `problems` included, if their code is wrong."""
    workers = cluster_workers(options.scheduler) if options.scheduler else None
    try:
        return Figures(
            project.figures_code, project.frozen, workers=workers, refresh=options.refresh, execute=options.execute
        )
    except DeckError as error:
        raise DeckError([*problems, *error.problems]) from error


def figure_loader(figures: Figures, notes: Sequence[Note], progress: Progress) -> Callable[[str], Media]:
    """Compute all pictures of the notes, and return a function from a reference to its picture.

    The function raises FigureError if the reference is wrong or its picture could not be computed.
    """
    requests = requested_figures(figures, notes)
    wanted = {request for request in requests.values() if isinstance(request, Request)}
    progress("computing figures", 0, len(wanted))
    pictures = figures.compute(sorted(wanted, key=str))

    def figure(ref: str) -> Media:
        request = requests[ref] if ref in requests else figures.request(ref)
        if isinstance(request, FigureError):
            raise request
        picture = pictures.get(request) or figures.compute([request])[request]
        if isinstance(picture, FigureError):
            raise picture
        return replace(picture, alt=request.alt)

    return figure


def diagrams_of(project: Project) -> Diagrams:
    """The diagrams of the deck."""
    return Diagrams(diagrams_folder(project.root))


def diagrams_folder(root: Path) -> Path:
    """The folder with the frozen pictures of the diagrams of the deck in `root`."""
    return root / FIGURES / DIAGRAMS


def diagram_loader(
    diagrams: Diagrams, notes: Iterable[Note], progress: Progress, *, execute: bool
) -> Callable[[str], Media | None]:
    """Draw all diagrams of the notes that can be drawn, and return a function from a reference to its picture.

    If `execute` is false, no tool is run. The function returns None for a diagram that is not drawn, and raises FigureError if
    drawing it failed.
    """
    if execute:
        diagrams.draw(used_diagrams(notes), progress)
    return diagrams.picture


def remove_unused_diagrams(diagrams: Diagrams, notes: Iterable[Note]) -> list[str]:
    """Remove the files of the frozen diagrams that no note uses, and return the names of the pictures."""
    unused = diagrams.unused(used_diagrams(notes))
    for path in (path for paths in unused.values() for path in paths):
        path.unlink()
    return sorted(unused)


def used_diagrams(notes: Iterable[Note]) -> list[Diagram]:
    """The diagrams in the notes."""
    return [diagram for note in notes for text in note.body for diagram in find_diagrams(text.source)]


def diagram_placeholder(diagrams: Diagrams) -> Callable[[str], Media | None]:
    """Return a function from a diagram to its picture, or to a placeholder if a build would draw it."""

    def picture(ref: str) -> Media | None:
        found = diagrams.picture(ref)
        return Media("diagram.webp", Path()) if found is None and is_installed(ref) else found

    return picture


def requested_figures(figures: Figures, notes: Iterable[Note]) -> dict[str, Request | FigureError]:
    """Return the request, or the error, for each reference in the notes."""
    requests: dict[str, Request | FigureError] = {}
    for ref in {ref: None for note in notes for text in note.body for ref in figure_references(text)}:
        try:
            requests[ref] = figures.request(ref)
        except FigureError as error:
            requests[ref] = error
    return requests


def unused_pictures(figures: Figures, notes: Iterable[Note]) -> list[Problem]:
    """Return an info problem if there are frozen pictures that no note uses, else an empty list."""
    unused = unused_files(figures, notes)
    if not unused:
        return []
    message = f"no note uses {len(unused)} of the frozen pictures"
    hint = f"deckgen figures {word(figures.folder.parent.parent)} --prune removes them"
    return [Problem(str(figures.folder), 0, 0, Severity.INFO, "figure-unused", message, hint)]


def remove_unused_pictures(figures: Figures, notes: Iterable[Note]) -> list[str]:
    """Remove the files of the frozen pictures that no note uses, and return the names of the pictures."""
    unused = unused_files(figures, notes)
    for path in (path for paths in unused.values() for path in paths):
        path.unlink()
    return sorted(unused)


def unused_files(figures: Figures, notes: Iterable[Note]) -> dict[str, list[Path]]:
    """Return the files of the frozen pictures that no note uses, by the name of the picture."""
    if not figures.folder.is_dir():
        return {}
    return figures.unused(
        request for request in requested_figures(figures, notes).values() if isinstance(request, Request)
    )


def figure_placeholder(figures: Figures) -> Callable[[str], Media]:
    """Return a function that checks a reference and returns a placeholder picture, for commands that write no package.

    The function raises FigureError if the reference is wrong.
    """

    def figure(ref: str) -> Media:
        request = figures.request(ref)
        return Media(f"fig-{request.name}.webp", Path(), request.alt, _PLACEHOLDER_PARTS)

    return figure
