"""A rendered note without what it was rendered from, so that it can be stored."""

from collections.abc import Iterable, Mapping
from typing import Self

from msgspec import Struct

from deckgen.model import Media, Note, NoteType, Part, RenderedNote
from deckgen.problems import Problem
from deckgen.render.input import absolute, references_digest
from deckgen.render.references import Found, Resolved


class Rendering(Struct, frozen=True):
    """What rendering made of a note.

    `key` is the digest of its `RenderInput` without references. `names` are the references that rendering looked up, and
    `found` is a digest of what they stood for. `fields` are in the order of the note type, `media` are names. The lines of `problems` count from the question.
    """

    key: str
    names: tuple[str, ...]
    found: str
    fields: tuple[str, ...]
    media: tuple[str, ...]
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def of(
        cls, key: str, references: Mapping[str, Resolved], rendered: RenderedNote, problems: Iterable[Problem]
    ) -> Self:
        """Return what is stored of a rendered note. `problems` are those of `FieldRenderer`."""
        return cls(
            key,
            tuple(references),
            references_digest(references.items()),
            tuple(rendered.fields.values()),
            tuple(media.name for media in rendered.media),
            rendered.parts,
            tuple(problems),
        )

    def note(
        self, note: Note, notetype: NoteType, references: Mapping[str, Resolved]
    ) -> tuple[RenderedNote, list[Problem]]:
        """Return the rendered note, and its problems at their places in the file. `references` are what the names stand for."""
        media: dict[str, Media] = {}
        if self.media:
            media = {each.media.name: each.media for each in references.values() if isinstance(each, Found)}
        fields = dict(zip(notetype.field_names, self.fields))
        rendered = RenderedNote(note, notetype, fields, tuple([media[name] for name in self.media]), self.parts)
        return rendered, [absolute(problem, note) for problem in self.problems]
