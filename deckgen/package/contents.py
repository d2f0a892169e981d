"""The contents of a package of any format as frozen data: note types, notes, cards, media."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PackedField:
    """A field of a note type. `id` is None in packages from before Anki 2.1.67.

    `font`, `size` (in pixels), `rtl` (right to left) and `description` are settings of Anki's editor. `tag` marks the fields
    of native note types, such as image occlusion. Two fields are equal if their names and ids are.
    """

    name: str
    id: int | None = None
    font: str = field(default="", compare=False)
    size: int = field(default=0, compare=False)
    rtl: bool = field(default=False, compare=False)
    description: str = field(default="", compare=False)
    tag: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PackedTemplate:
    """A card template of a note type. `front` and `back` are Anki's question and answer formats (HTML).

    `browser_front` and `browser_back` are those for Anki's card list, "" if they are the same.
    """

    name: str
    front: str
    back: str
    id: int | None = None
    browser_front: str = field(default="", compare=False)
    browser_back: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class PackedType:
    """A note type. `sort_field` is the 0-based index of the field that Anki sorts by. `mod` is in seconds (Unix time).

    It has at least one field and one template, and no two fields of one name. `latex_pre` and `latex_post` stand around the
    TeX of `[latex]`. `stock_kind` is the number of the native note type of Anki that it was made from (6: image occlusion), 0 if unknown.
    """

    id: int
    name: str
    cloze: bool
    fields: tuple[PackedField, ...]
    templates: tuple[PackedTemplate, ...]
    css: str
    sort_field: int
    mod: int
    latex_pre: str = field(default="", compare=False)
    latex_post: str = field(default="", compare=False)
    stock_kind: int = field(default=0, compare=False)

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


@dataclass(frozen=True, slots=True)
class PackedSchedule:
    """What the scheduler stores about a card, as Anki's database has it.

    `type`: 0 new, 1 learning, 2 review, 3 relearning. `queue`: the same, or -1 suspended, -2 and -3 buried. `due` is a
    position, a day or a time in seconds, depending on `type`. `interval` is in days, or in negative seconds. `ease` is in
    thousandths.
    """

    type: int
    queue: int
    flags: int
    due: int
    interval: int
    ease: int
    reps: int
    lapses: int
    original_due: int


@dataclass(frozen=True, slots=True, order=True)
class PackedCard:
    """A card of a note: its 0-based ordinal, and the full name of its deck (`A::B`). `schedule` is None for a new card.

    Two cards are equal if their ordinals and decks are.
    """

    ordinal: int
    deck: str
    schedule: PackedSchedule | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PackedNote:
    """A note. `fields` are HTML, in the order of its note type. `cards` are sorted by ordinal. `mod` is in seconds (Unix time).

    `id` is the time of its creation in milliseconds, in the collection that it was exported from.
    """

    guid: str
    notetype: PackedType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    mod: int
    cards: tuple[PackedCard, ...]
    id: int = field(default=0, compare=False)

    def named(self) -> dict[str, str]:
        """Name of a field → its HTML."""
        return dict(zip(self.notetype.field_names, self.fields))

    @property
    def decks(self) -> tuple[str, ...]:
        """The full names of the decks of its cards, each once."""
        return tuple(dict.fromkeys(card.deck for card in self.cards))


@dataclass(frozen=True, slots=True)
class PackedDeck:
    """A deck. `name` is its full name (`A::B`). With `markdown` the description is Markdown. Cards of a filtered deck have another home deck."""

    id: int
    name: str
    description: str
    markdown: bool = False
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class PackedMedia:
    """A media file: its name, its size in bytes, and its SHA-256 in hexadecimal. `member` is its name in the zip archive."""

    name: str
    size: int
    digest: str
    member: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package. `format` is the file name of the collection in it. `decks` maps the full name of a deck to the deck."""

    path: Path
    format: str
    notetypes: tuple[PackedType, ...]
    notes: tuple[PackedNote, ...]
    media: tuple[PackedMedia, ...]
    decks: Mapping[str, PackedDeck]
