"""Reading and rendering that do again only what changed since the last time in this process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.model import Media, Note, RenderedNote
from deckgen.notetypes import NoteTypes
from deckgen.parse import Parsed, parse_file
from deckgen.parse.between_notes import decks_in_another_case, repeated_ids
from deckgen.pipeline.reading import ReadNotes
from deckgen.problems import DeckError, Problem
from deckgen.render import Renderer, RenderOptions
from deckgen.render.deck import may_refer
from deckgen.sources import NoteFile

Result = tuple[RenderedNote, list[Problem]]


class ReadFiles:
    """Reads note files; a file that did not change is not parsed again."""

    def __init__(self) -> None:
        self._parsed: dict[str, tuple[tuple[int, int], NoteFile, Parsed]] = {}

    def read(self, files: Iterable[NoteFile]) -> ReadNotes:
        """The notes of the files in their order."""
        by_name = {file.file: file for file in files}
        parsed: dict[str, Parsed] = {}
        problems: list[Problem] = []
        for name, file in by_name.items():
            try:
                parsed[name] = self._parse(name, file)
            except DeckError as error:
                problems += error.problems
        self._parsed = {name: each for name, each in self._parsed.items() if name in by_name}
        notes = [note for each in parsed.values() for note in each.notes]
        problems += [problem for each in parsed.values() for problem in each.problems]
        problems += [*repeated_ids(notes), *decks_in_another_case(notes)]
        return ReadNotes(by_name, tuple(notes), tuple(problems), parsed)

    def _parse(self, name: str, file: NoteFile) -> Parsed:
        stamp = _stamp(file.path)
        known = self._parsed.get(name)
        if known and known[0] == stamp and known[1] == file:
            return known[2]
        parsed = parse_file(file.path, name, file.key, file.settings)
        self._parsed[name] = (stamp, file, parsed)
        return parsed


class _File(Struct, frozen=True):
    """The last rendering of a file: its notes, and the result of each note by the digest of its input. `parsed` is None if all are to be looked up again."""

    parsed: Parsed | None
    notes: tuple[Note, ...]
    results: tuple[Result, ...]
    by_digest: dict[str, Result]


class RenderedFiles:
    """Renders the notes of one deck; a note whose input did not change is not rendered again.

    `figure` returns the picture of a `figure:` reference or raises FigureError, `diagram` the picture of a diagram or None.
    """

    def __init__(self, root: Path, figure: Callable[[str], Media], diagram: Callable[[str], Media | None]):
        self._root, self._figure, self._diagram = root, figure, diagram
        self._made_with: tuple[RenderOptions, NoteTypes] | None = None
        self._renderer: Renderer | None = None
        self._files: dict[str, _File] = {}

    def forget_media(self) -> None:
        """Look up again what the notes name: a file next to them, or a figure, may be another now."""
        self._renderer = None
        self._files = {name: self._without_references(file) for name, file in self._files.items()}

    def render(
        self, parsed: Mapping[str, Parsed], options: RenderOptions, types: NoteTypes
    ) -> tuple[list[RenderedNote], list[Problem]]:
        """The notes of the files as fields, in their order, and what rendering reports."""
        if self._made_with != (options, types):
            self._made_with, self._renderer, self._files = (options, types), None, {}
        renderer = self._renderer or Renderer(self._root, self._figure, options, types, self._diagram)
        self._renderer = renderer
        self._files = {name: self._render(name, each, renderer) for name, each in parsed.items()}
        results = [result for file in self._files.values() for result in file.results]
        return [item for item, _ in results], [problem for _, problems in results for problem in problems]

    def _render(self, name: str, parsed: Parsed, renderer: Renderer) -> _File:
        known = self._files.get(name)
        if known and known.parsed is parsed:
            return known
        old = known.by_digest if known else {}
        by_digest: dict[str, Result] = {}
        results: list[Result] = []
        for note in parsed.notes:
            digest = renderer.input(note).digest
            # Two notes of a file can have one input and different places.
            result = _placed(old[digest], note) if digest in old else renderer.render(note)
            by_digest[digest] = result
            results.append(result)
        return _File(parsed, parsed.notes, tuple(results), by_digest)

    @staticmethod
    def _without_references(file: _File) -> _File:
        """The file as one to render again, if a note of it names a file or a figure."""
        return replace(file, parsed=None) if any(map(may_refer, file.notes)) else file


class TypedNotes:
    """Gives rendered notes the note types with CSS. A note that did not change stays the same object."""

    def __init__(self) -> None:
        self._types: NoteTypes | None = None
        self._known: dict[int, tuple[RenderedNote, RenderedNote]] = {}

    def of(self, items: Sequence[RenderedNote], types: NoteTypes) -> list[RenderedNote]:
        """The notes with their types of `types`."""
        if types != self._types:
            self._types, self._known = types, {}
        self._known = {
            id(item): self._known.get(id(item)) or (item, replace(item, notetype=types[item.note.kind]))
            for item in items
        }
        return [typed for _, typed in self._known.values()]


def _placed(result: Result, note: Note) -> Result:
    """An older result as that of a note with the same input, which may stand elsewhere."""
    item, problems = result
    moved = note.line - item.note.line
    return replace(item, note=note), [
        replace(problem, file=note.file, line=problem.line + moved) for problem in problems
    ]


def _stamp(path: Path) -> tuple[int, int]:
    """The time of change in nanoseconds and the size in bytes; zeros for a file that is gone."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
