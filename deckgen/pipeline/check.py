"""deckgen check and deckgen list: run the stages that write nothing."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from deckgen.figures import Figures
from deckgen.figures.diagrams import Diagrams
from deckgen.model import RenderedNote
from deckgen.originals import read_originals, translation_problems
from deckgen.parse.file_report import FileReport
from deckgen.pictures import Progress, diagram_placeholder, diagrams_folder, figure_placeholder
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.reading import ReadNotes, read_notes
from deckgen.pipeline.rendering import render_notes
from deckgen.problems import Problem
from deckgen.project import FILE
from deckgen.sources import files_at, read_lock, read_project


class CheckResult(Struct, frozen=True):
    """The notes of some files in reading order, their problems in the order of places, and a report of each file that can be read."""

    notes: tuple[RenderedNote, ...]
    problems: tuple[Problem, ...]
    reports: tuple[FileReport, ...]


def check(paths: Iterable[Path], progress: Progress) -> CheckResult:
    """Read and render the notes of files and folders, and return them with their problems. Nothing is written.

    The files need no deck.toml. If there is one around a path, its settings are used. Raises DeckError if a path has no note
    files, or if a deck.toml, a lock or the code of the figures cannot be read.
    """
    with Caches() as caches:
        read = read_notes([file for path in paths for file in files_at(path)], progress, caches, report=True)
        code = {file.root: file.figures or file.root / "figures" for file in read.files.values()}
        figures = {root: figure_placeholder(Figures(code[root])) for root in read.roots}
        diagrams = {root: diagram_placeholder(Diagrams(diagrams_folder(root))) for root in read.roots}
        rendered, problems = render_notes(read, figures, diagrams, progress, caches, placeholders=True)
        caches.save()
    problems = sorted([*read.problems, *problems, *_translations(read)])
    return CheckResult(tuple(rendered), tuple(problems), read.reports)


def _translations(read: ReadNotes) -> Iterator[Problem]:
    """Yield the problems of translations. Originals without a translation are reported only if all files of the deck are checked."""
    for root in read.roots:
        if not (root / FILE).is_file():
            continue
        project = read_project(root)
        notes = [note for note in read.notes if read.files[note.file].root == root]
        whole = set(project.files()) <= {file.path for file in read.files.values()}
        yield from translation_problems(project, notes, read_originals(project), read_lock(root)[1], whole=whole)
