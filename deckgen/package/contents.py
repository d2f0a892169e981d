"""The contents of a package of any format as frozen data: note types, notes, cards, media."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PackedField:
    """A field of a note type. `id` is None in packages from before Anki 2.1.67."""

    name: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PackedTemplate:
    """A card template of a note type. `front` and `back` are Anki's question and answer formats (HTML)."""

    name: str
    front: str
    back: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PackedType:
    """A note type. `sort_field` is the 0-based index of the field that Anki sorts by. `mod` is in seconds (Unix time)."""

    id: int
    name: str
    cloze: bool
    fields: tuple[PackedField, ...]
    templates: tuple[PackedTemplate, ...]
    css: str
    sort_field: int
    mod: int

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    def has_card(self, ordinal: int) -> bool:
        """Whether a note of this type can have the card with this 0-based ordinal."""
        return self.cloze or ordinal < len(self.templates)

    def template(self, ordinal: int) -> PackedTemplate:
        """The template of the card with this 0-based ordinal. A cloze note type has one template for all cards."""
        return self.templates[0 if self.cloze else ordinal]


@dataclass(frozen=True, slots=True, order=True)
class PackedCard:
    """A card of a note: its 0-based ordinal, and the full name of its deck (`A::B`)."""

    ordinal: int
    deck: str


@dataclass(frozen=True, slots=True)
class PackedNote:
    """A note. `fields` are HTML, in the order of its note type. `cards` are sorted by ordinal. `mod` is in seconds (Unix time).

    `number` is its id in the collection that was packed. Two notes can be equal with different ids.
    """

    guid: str
    notetype: PackedType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    mod: int
    cards: tuple[PackedCard, ...]
    number: int = field(default=0, compare=False)

    def named(self) -> dict[str, str]:
        """Name of a field → its HTML."""
        return dict(zip(self.notetype.field_names, self.fields))

    @property
    def decks(self) -> tuple[str, ...]:
        """The full names of the decks of its cards, each once."""
        return tuple(dict.fromkeys(card.deck for card in self.cards))


@dataclass(frozen=True, slots=True)
class PackedMedia:
    """A media file: its name, its size in bytes, and its SHA-256 in hexadecimal. `member` is its name in the zip archive."""

    name: str
    size: int
    digest: str
    member: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package. `format` is the file name of the collection in it. `decks` maps the full name of a deck to its description."""

    path: Path
    format: str
    notetypes: tuple[PackedType, ...]
    notes: tuple[PackedNote, ...]
    media: tuple[PackedMedia, ...]
    decks: Mapping[str, str]
