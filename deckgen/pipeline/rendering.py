"""The second stage: notes → fields and media. Then the lints of their decks run."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from deckgen.cache import Row, key_of
from deckgen.file_names import media_name_problems
from deckgen.lint import lint
from deckgen.model import Media, Note, RenderedNote
from deckgen.pictures import Progress
from deckgen.pipeline.caches import Caches, references_name
from deckgen.pipeline.file_task import RenderedFile, by_key
from deckgen.pipeline.reading import ReadNotes
from deckgen.problems import Problem
from deckgen.render import Renderer, Rendering
from deckgen.render.references import Resolved
from deckgen.sources import NoteFile
from deckgen.stored import packed, unpacked


def render_notes(
    read: ReadNotes,
    figures: Mapping[Path, Callable[[str], Media]],
    diagrams: Mapping[Path, Callable[[str], Media | None]],
    progress: Progress,
    caches: Caches,
    *,
    placeholders: bool = False,
) -> tuple[list[RenderedNote], list[Problem]]:
    """Return the rendered notes in the same order, and the problems that rendering and the lints report.

    `figures` has one function for the folder of each deck. It returns the picture of a figure reference, or raises
    FigureError. `diagrams` has one that returns the picture of a diagram's reference, or None if it is not drawn.
    `placeholders` says that these pictures are placeholders.
    """
    sources = [read.files[note.file] for note in read.notes]
    first = {source.root: source for source in reversed(sources)}
    renderers = {
        root: Renderer(root, figures[root], source.options, source.settings.notetypes, diagrams[root])
        for root, source in first.items()
    }
    naming = _NamingNotes(caches, placeholders)
    decks: dict[Path, list[RenderedNote]] = {source.root: [] for source in sources}
    rendered: list[RenderedNote] = []
    problems: list[Problem] = []
    for n, (note, source, known) in enumerate(zip(read.notes, sources, read.renderings)):
        progress("rendering", n, len(sources))
        if known is None:
            rendering, references = naming.rendering(renderers[source.root], source, note)
            result, wrong = rendering.note(note, source.settings.notetypes[note.kind], references)
        else:
            result, wrong = known.note(note, source.settings.notetypes[note.kind], {})
        rendered.append(result)
        decks[source.root].append(result)
        problems += wrong
    naming.store()
    for root, own in decks.items():
        problems += lint(own, first[root].lint, read.keys_of)
        problems += media_name_problems(_media_uses(root, own))
    return rendered, problems


def _media_uses(root: Path, notes: Iterable[RenderedNote]) -> Iterator[tuple[str, int, str]]:
    """Yield the file and the line of a note and the path of a media file inside the deck, for all files of the deck that notes name."""
    folder = root.resolve()
    for rendered in notes:
        for media in rendered.media:
            path = Path(os.path.normpath(media.path))
            if path.is_relative_to(folder):
                yield rendered.note.file, rendered.note.line, path.relative_to(folder).as_posix()


class _NamingNotes:
    """Renders the notes that may name files, with the renderings that are stored in the caches."""

    def __init__(self, caches: Caches, placeholders: bool):
        self._caches = caches
        self._placeholders = placeholders
        self._known: dict[str, Mapping[str, Rendering]] = {}
        self._used: dict[str, tuple[NoteFile, list[Rendering]]] = {}

    def rendering(self, renderer: Renderer, source: NoteFile, note: Note) -> tuple[Rendering, Mapping[str, Resolved]]:
        """Return the rendering of a note of a file, and what its references stand for."""
        if source.file not in self._used:
            row = self._caches.of(source.root).get(self._name(source))
            known = row is not None and key_of() in row.keys
            self._known[source.file] = by_key(unpacked(RenderedFile, row.value)) if row and known else {}
            self._used[source.file] = source, []
        rendering, references = renderer.rendering(note, self._known[source.file])
        self._used[source.file][1].append(rendering)
        return rendering, references

    def store(self) -> None:
        """Store the renderings of files in which some are new."""
        for name, (source, renderings) in self._used.items():
            if [*self._known[name].values()] != renderings:
                row = Row((key_of(),), packed(RenderedFile(tuple(renderings))))
                self._caches.of(source.root).put(self._name(source), row)

    def _name(self, source: NoteFile) -> str:
        return references_name(source.key, placeholders=self._placeholders)
