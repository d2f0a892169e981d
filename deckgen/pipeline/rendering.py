"""The second stage: notes → fields and media. Then the lints of their decks run."""

from collections.abc import Callable, Mapping
from pathlib import Path

from deckgen.lint import lint
from deckgen.model import Media, RenderedNote
from deckgen.pictures import Progress
from deckgen.pipeline.reading import ReadNotes
from deckgen.problems import Problem
from deckgen.render import Renderer


def render_notes(
    read: ReadNotes,
    figures: Mapping[Path, Callable[[str], Media]],
    diagrams: Mapping[Path, Callable[[str], Media | None]],
    progress: Progress,
) -> tuple[list[RenderedNote], list[Problem]]:
    """Return the rendered notes in the same order, and the problems that rendering and the lints report.

    `figures` has one function for the folder of each deck. It returns the picture of a figure reference, or raises
    FigureError. `diagrams` has functions that return the picture of a diagram, or None if it is not drawn.
    """
    sources = [read.files[note.file] for note in read.notes]
    options = {source.root: source.options for source in sources}
    lints = {source.root: source.lint for source in sources}
    notetypes = {source.root: source.settings.notetypes for source in sources}
    renderers = {
        root: Renderer(root, figures[root], options[root], notetypes[root], diagrams[root]) for root in options
    }
    decks: dict[Path, list[RenderedNote]] = {root: [] for root in options}
    rendered: list[RenderedNote] = []
    problems: list[Problem] = []
    for n, (note, source) in enumerate(zip(read.notes, sources)):
        progress("rendering", n, len(sources))
        result, wrong = renderers[source.root].render(note)
        rendered.append(result)
        decks[source.root].append(result)
        problems += wrong
    return rendered, [*problems, *(each for root, own in decks.items() for each in lint(own, lints[root]))]
