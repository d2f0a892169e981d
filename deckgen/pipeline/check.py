"""deckgen check and list: the stages that write nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deckgen.figures import Figures
from deckgen.model import RenderedNote
from deckgen.originals import read_originals, translation_problems
from deckgen.pictures import Progress, figure_placeholder
from deckgen.pipeline.reading import ReadNotes, read_notes
from deckgen.pipeline.rendering import render_notes
from deckgen.problems import Problem
from deckgen.project import FILE
from deckgen.sources import files_at, read_lock, read_project


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What some files hold, in reading order, and everything that is wrong with it."""

    notes: tuple[RenderedNote, ...]
    problems: tuple[Problem, ...]


def check(paths: Iterable[Path], progress: Progress) -> CheckResult:
    """Read and render the notes of files and folders without writing anything. Needs no deck.toml, uses what it finds.

    Raises DeckError where a path names no notes, or a deck.toml, a lock or the code of figures cannot be read.
    """
    read = read_notes([file for path in paths for file in files_at(path)], progress)
    code = {file.root: file.figures or file.root / "figures" for file in read.files.values()}
    figures = {root: figure_placeholder(Figures(code[root])) for root in read.roots}
    rendered, problems = render_notes(read, figures, progress)
    return CheckResult(tuple(rendered), tuple(sorted([*read.problems, *problems, *_translations(read)])))


def _translations(read: ReadNotes) -> Iterator[Problem]:
    """Where translations differ from their originals. Originals without one are told only if all files of the deck are checked."""
    for root in read.roots:
        if not (root / FILE).is_file():
            continue
        project = read_project(root)
        notes = [note for note in read.notes if read.files[note.file].root == root]
        whole = set(project.files()) <= {file.path for file in read.files.values()}
        yield from translation_problems(project, notes, read_originals(project), read_lock(root)[1], whole=whole)
