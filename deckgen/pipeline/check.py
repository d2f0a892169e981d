"""deckgen check and deckgen list: run the stages that write nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deckgen.figures import Figures
from deckgen.figures.diagrams import Diagrams
from deckgen.model import RenderedNote
from deckgen.parse import Parsed
from deckgen.parse.file_report import FileReport, file_report
from deckgen.parse.left_out import Hidden
from deckgen.pictures import Progress, diagram_placeholder, diagrams_folder, figure_placeholder
from deckgen.pipeline.reading import read_notes
from deckgen.pipeline.rendering import render_notes
from deckgen.problems import Problem
from deckgen.render import parts_left_out
from deckgen.sources import files_at


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What some files hold, in reading order, and everything that is wrong with it. Files that cannot be read have no report."""

    notes: tuple[RenderedNote, ...]
    problems: tuple[Problem, ...]
    reports: tuple[FileReport, ...]


def check(paths: Iterable[Path], progress: Progress) -> CheckResult:
    """Read and render the notes of files and folders, and return them with their problems. Nothing is written.

    The files need no deck.toml. If there is one around a path, its settings are used. Raises DeckError if a path has no note
    files, or if a deck.toml, a lock or the code of the figures cannot be read.
    """
    read = read_notes([file for path in paths for file in files_at(path)], progress)
    code = {file.root: file.figures or file.root / "figures" for file in read.files.values()}
    figures = {root: figure_placeholder(Figures(code[root])) for root in read.roots}
    diagrams = {root: diagram_placeholder(Diagrams(diagrams_folder(root))) for root in read.roots}
    rendered, problems = render_notes(read, figures, diagrams, progress)
    reports = (file_report(name, parsed, hidden_parts(parsed)) for name, parsed in read.parsed.items())
    return CheckResult(tuple(rendered), tuple(sorted([*read.problems, *problems])), tuple(reports))


def hidden_parts(parsed: Parsed) -> Iterator[Hidden]:
    """What cards do not show of the texts of a file's notes."""
    for note in parsed.notes:
        for text in (note.question, *note.body, *([note.source] if note.source else [])):
            yield text, [(each.start, each.end) for each in parts_left_out(text)]
