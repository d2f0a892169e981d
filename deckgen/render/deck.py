"""Rendering the notes of one deck: look up what a note names, render the value, and put its problems where they are in the file."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Media, Note, RenderedNote
from deckgen.notetypes import NoteTypes, built_in
from deckgen.problems import Problem
from deckgen.remote_media import is_remote
from deckgen.render.input import RenderInput, absolute, references_digest, relative, render_input
from deckgen.render.markdown import FieldRenderer
from deckgen.render.options import RenderOptions
from deckgen.render.references import PAGE, Found, Lookup, Page, References, Resolved
from deckgen.render.stored import Rendering
from deckgen.scan.syntax import FENCE_MARK

# A text without these names no file: every image, sound and film is written with one of them, every wiki link, and the fence of
# every figure and diagram.
_MAY_REFER = lazy_pattern(
    rf"!\[|\[\[|<(?:img|audio|video|source|object|embed)|\[sound:|{FENCE_MARK}[ \t]*(?:figure|mermaid|dot|graphviz)",
    re.I,
)
# Each of them begins with one of these. Most texts have none.
_FIRST_SIGNS = ("[", "<", "```", "~~~")
_DEFAULTS = RenderOptions()


def _no_diagram(ref: str) -> Media | None:
    """No diagram is drawn."""
    return None


class Renderer:
    """Renders the notes of one deck.

    `root` is the folder that note keys are relative to, `figure` returns the picture of a `figure:` reference or raises FigureError.
    `notetypes` are those of the deck (None: those of deckgen). `diagram` returns the picture of a diagram, None if it is not drawn.
    """

    def __init__(
        self,
        root: Path,
        figure: Callable[[str], Media],
        options: RenderOptions = _DEFAULTS,
        notetypes: NoteTypes | None = None,
        diagram: Callable[[str], Media | None] = _no_diagram,
    ):
        self._notetypes = notetypes or built_in(options.mathml)
        self._options = options
        self._references = References(root, figure, diagram, options.media, options.unsafe)

    @cached_property
    def _fields(self) -> FieldRenderer:
        """The renderer of fields. It is slow to make, and not needed if all notes are known."""
        return FieldRenderer()

    def render(self, note: Note) -> tuple[RenderedNote, list[Problem]]:
        """The note's fields, and problems at their places in the file."""
        rendered, problems = self._render(self._without_references(note), self._recorder(note, {}))
        return replace(rendered, note=note), [absolute(problem, note) for problem in problems]

    def rendering(self, note: Note, known: Mapping[str, Rendering]) -> tuple[Rendering, Mapping[str, Resolved]]:
        """The fields in the form that is stored, and what the references of the note stand for.

        `known` has earlier renderings by their `key`. One of them is returned if all its references still stand for the same.
        """
        value = self._without_references(note)
        key = value.digest
        if old := known.get(key):
            references = {name: self._references.resolve(name, note) for name in old.names}
            if references_digest(references.items()) == old.found:
                return old, references
        references = {}
        made = self._render(value, self._recorder(note, references))
        return Rendering.of(key, references, *made), references

    def _render(self, value: RenderInput, lookup: Lookup) -> tuple[RenderedNote, list[Problem]]:
        return self._fields.render_with(value.note, value.notetype, value.page, value.options, lookup)

    def _without_references(self, note: Note) -> RenderInput:
        return render_input(note, self._notetypes[note.kind], self._options, ())

    def _recorder(self, note: Note, references: dict[str, Resolved]) -> Lookup:
        """A function that looks up the references of a note, and adds them to `references`."""

        def lookup(name: str) -> Resolved:
            if name not in references:
                references[name] = self._references.resolve(name, note)
            return references[name]

        return lookup

    def input(self, note: Note) -> RenderInput:
        """All that the note's fields depend on. Reads the files that the note names, and asks for its figures."""
        names = self._named(note)
        return render_input(
            note,
            self._notetypes[note.kind],
            self._options,
            [(name, self._references.resolve(name, note)) for name in names],
        )

    def remote_references(self, note: Note) -> list[str]:
        """The web addresses of the media that a note names."""
        return [name for name in self._named(note) if is_remote(name)]

    def _named(self, note: Note) -> list[str]:
        """The references of a note. Markdown alone knows them: the note is rendered with a stand-in for each."""
        if not may_refer(note):
            return []
        names: dict[str, None] = {}

        def named(target: str) -> Resolved:
            names[target] = None
            return Page("named") if target.startswith(PAGE) else Found(Media("named", Path(), "named"))

        self._fields.render_with(relative(note), self._notetypes[note.kind], "", self._options, named)
        return list(names)


def may_refer(note: Note) -> bool:
    """Whether a note may name a file or a figure. Only Markdown can tell whether it does."""
    source = note.source.source if note.source else ""
    definitions = (note.definitions, note.link_targets)
    texts = (note.question.source, *(text.source for text in note.body), source, *definitions, *note.section)
    return any(_MAY_REFER.search(text) for text in texts if any(sign in text for sign in _FIRST_SIGNS))
