"""Render the imported notes, and compare their fields with those of the package."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from msgspec import Struct

from deckgen.model import Media, Note, NoteType, RenderedNote, Text
from deckgen.notetypes import NoteTypes
from deckgen.package.contents import PackedNote
from deckgen.problems import FigureError, Severity
from deckgen.render import Renderer, RenderOptions
from deckgen.render.media import ACTIVE_TEXT
from deckgen.to_markdown import Render, same_html

_UNLIKE = "\0"
"""What no field is equal to."""


class Renderers(Struct, frozen=True):
    """Renders the notes of the new folder `root`: as builds do, and with all HTML, to compare.

    `original` maps the names of files to their names in the package.
    """

    safe: Renderer
    unsafe: Renderer
    original: Mapping[str, str]

    def field(self, notetype: NoteType, name: str) -> Render:
        """A function that renders Markdown as a field of a note of this type. Markdown with an error gives no field of a package."""

        def render(markdown: str) -> str:
            rendered, problems = self.unsafe.render(_note_with(notetype, name, markdown))
            if any(problem.severity is Severity.ERROR for problem in problems):
                return _UNLIKE
            return self.with_original_names(rendered)[name]

        return render

    def with_original_names(self, rendered: RenderedNote) -> dict[str, str]:
        """The fields of a note with the names that its media have in the package."""
        fields = dict(rendered.fields)
        for media in rendered.media:
            name = escape(self.original.get(media.path.name, media.name), quote=False)
            fields = {key: html.replace(media.name, name) for key, html in fields.items()}
        return fields


def renderers(root: Path, types: NoteTypes, original: Mapping[str, str]) -> Renderers:
    """The renderers of a folder."""
    return Renderers(
        Renderer(root, _no_figure, RenderOptions(), types),
        Renderer(root, _no_figure, RenderOptions(unsafe=True), types),
        original,
    )


def different_fields(fields: Mapping[str, str], packed: PackedNote) -> list[str]:
    """The names of the fields that do not look as in the package."""
    return [name for name, html in packed.named().items() if not _same(fields[name], html)]


def _same(ours: str, original: str) -> bool:
    if ours == original:
        return True
    # Anki reads these in the HTML as it is written, where an entity is another text.
    active = [match[0] for match in ACTIVE_TEXT.finditer(original)] if "[" in original else []
    if active and active != [match[0] for match in ACTIVE_TEXT.finditer(ours)]:
        return False
    return same_html(ours, original)


def _note_with(notetype: NoteType, name: str, markdown: str) -> Note:
    """A note of a type in which only one field has a text."""
    text = Text(markdown, 1)
    role = next(each.role for each in notetype.fields if each.name == name)
    answer = text if role == "answer" else Text("", 1)
    labelled = () if role == "answer" else ((name, text),)
    return Note("", "notes.md", notetype.kind, "fields", Text("note", 1), answer, labelled=labelled, statement=True)


def _no_figure(ref: str) -> Media:
    raise FigureError(f"{ref} is not looked up", code="figure-missing")
