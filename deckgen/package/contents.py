"""What a package holds, in whatever format it came: note types, notes, cards, media."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PackedField:
    """A field of a note type. `id` is None in packages made before Anki 2.1.67, which gave fields none."""

    name: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PackedTemplate:
    """One card of a note type: `front` and `back` are Anki's question and answer formats."""

    name: str
    front: str
    back: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PackedType:
    """A note type. `sort_field` is the index of the field that Anki sorts by; `mod` is in seconds."""

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
        return tuple(field.name for field in self.fields)

    def has_card(self, ordinal: int) -> bool:
        """Whether a note of this type can have the card."""
        return self.cloze or ordinal < len(self.templates)

    def template(self, ordinal: int) -> PackedTemplate:
        """The template of a note's card: a cloze note type has one for all of them."""
        return self.templates[0 if self.cloze else ordinal]


@dataclass(frozen=True, slots=True, order=True)
class PackedCard:
    """A card of a note: its 0-based ordinal, and the full name of the deck it is at home in (`A::B`)."""

    ordinal: int
    deck: str


@dataclass(frozen=True, slots=True)
class PackedNote:
    """A note: its fields' HTML in the order of its note type, and its cards by ordinal. `mod` is in seconds."""

    guid: str
    notetype: PackedType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    mod: int
    cards: tuple[PackedCard, ...]

    def named(self) -> dict[str, str]:
        """Field name → HTML."""
        return dict(zip(self.notetype.field_names, self.fields))

    @property
    def decks(self) -> tuple[str, ...]:
        """The decks that its cards are in, each once."""
        return tuple(dict.fromkeys(card.deck for card in self.cards))


@dataclass(frozen=True, slots=True)
class PackedMedia:
    """A media file: its name, and of its content the size and the SHA-256. `member` is what the zip calls it."""

    name: str
    size: int
    digest: str
    member: str


@dataclass(frozen=True, slots=True)
class Package:
    """A whole package. `format` is the collection's file in it, `decks` maps a deck's name to its description."""

    path: Path
    format: str
    notetypes: tuple[PackedType, ...]
    notes: tuple[PackedNote, ...]
    media: tuple[PackedMedia, ...]
    decks: Mapping[str, str]
