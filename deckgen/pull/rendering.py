"""Render a note with other texts, and with media that the deck does not have yet."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from deckgen.model import Media, Note, RenderedNote
from deckgen.render import FieldRenderer, Renderer
from deckgen.render.references import FIGURE, Found, Missing, Resolved
from deckgen.scan.diagrams import DIAGRAM


class NoteRenderer(Struct, frozen=True):
    """Renders notes of one deck. `new_media` maps references that no file of the deck has yet to the names that they get in packages."""

    renderer: Renderer
    new_media: Mapping[str, str] = field(default_factory=dict)
    _fields: FieldRenderer = field(default_factory=FieldRenderer)

    def render(self, note: Note) -> RenderedNote:
        """Return the note with its fields."""
        if not self.new_media:
            return self.renderer.render(note)[0]
        value = self.renderer.input(note)
        references = tuple((name, self._resolved(name, found)) for name, found in value.references)
        rendered, _ = self._fields.render(replace(value, references=references))
        return replace(rendered, note=note)

    def fields(self, note: Note) -> Mapping[str, str]:
        """Return the fields of a note: name → HTML."""
        return self.render(note).fields

    def names(self, note: Note) -> dict[str, str]:
        """Name of a media file in the fields of a note → the reference to it in Markdown."""
        found = ((name, each) for name, each in self.renderer.input(note).references if isinstance(each, Found))
        own = {each.media.name: name for name, each in found if not name.startswith(DIAGRAM)}
        return own | {name: reference for reference, name in self.new_media.items()}

    def _resolved(self, name: str, found: Resolved) -> Resolved:
        new = self.new_media.get(name)
        return Found(Media(new, Path())) if new and isinstance(found, Missing) else found


def is_figure(reference: str) -> bool:
    """Whether a reference names a figure."""
    return reference.startswith(FIGURE)
