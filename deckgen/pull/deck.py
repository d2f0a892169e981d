"""The notes of a deck as they are now: read, rendered, and matched with the lock. Nothing is written, and no code of the deck runs."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from deckgen.identity.lock import Lock, LockEntry
from deckgen.identity.stamp import StampedLock
from deckgen.model import Media, RenderedNote
from deckgen.originals import read_originals
from deckgen.pictures import FigureOptions, Progress, diagram_loader, diagrams_of, figure_loader, figures_of
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.identifying import identify
from deckgen.pipeline.reading import ReadNotes, read_notes
from deckgen.pipeline.rendering import render_notes
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import Project
from deckgen.render import Renderer
from deckgen.sources import NoteFile, files_of, read_lock

_NO_CODE = FigureOptions(execute=False)


class DeckNotes(Struct, frozen=True):
    """A deck. Item i of `items` has entry i of `stamped`. `lock` is the lock as it is in the folder, of the last build.

    `files` has each note file by its path in problems. `renderer` renders a note with other texts.
    """

    project: Project
    lock: Lock
    files: Mapping[str, NoteFile]
    items: tuple[RenderedNote, ...]
    stamped: StampedLock
    renderer: Renderer

    @property
    def entries(self) -> tuple[LockEntry, ...]:
        """The entries that the next build would write, one for each note."""
        return self.stamped.entries


def read_deck(project: Project, now: int, progress: Progress, retire: Sequence[Path] = ()) -> DeckNotes:
    """Return the notes of a deck. Many notes of the files and folders `retire` may be missing.

    Raises DeckError if the notes have errors, or if it is not certain which entry of the lock a note has.
    """
    _, lock = read_lock(project.root)
    with Caches() as caches:
        read = read_notes(files_of(project, lock), progress, caches)
        pictures, diagrams = _pictures(project, read, progress), _diagrams(project, read, progress)
        items, problems = render_notes(read, {project.root: pictures}, {project.root: diagrams}, progress, caches)
    file = next(iter(read.files.values()))
    renderer = Renderer(project.root, pictures, file.options, file.settings.notetypes, diagrams)
    _stop_at_errors([*read.problems, *problems])
    items, stamped = identify(project, items, lock, now, retire, read_originals(project).digests)
    return DeckNotes(project, lock, read.files, tuple(items), stamped, renderer)


def renderer_of(project: Project, read: ReadNotes, progress: Progress) -> Renderer:
    """Return the renderer of a deck, with the frozen pictures of the notes. Raises DeckError if the code of the figures is wrong."""
    file = next(iter(read.files.values()))
    pictures, diagrams = _pictures(project, read, progress), _diagrams(project, read, progress)
    return Renderer(project.root, pictures, file.options, file.settings.notetypes, diagrams)


def _pictures(project: Project, read: ReadNotes, progress: Progress) -> Callable[[str], Media]:
    return figure_loader(figures_of(project, read.problems, _NO_CODE), read.notes, progress)


def _diagrams(project: Project, read: ReadNotes, progress: Progress) -> Callable[[str], Media | None]:
    return diagram_loader(diagrams_of(project), read.notes, progress, execute=False)


def _stop_at_errors(problems: Sequence[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise DeckError(errors)
