"""Write notes into an Anki package. The same input gives the same bytes.

genanki writes the tables, the note types and the decks. `rows.py` writes the notes and cards: genanki has one time of change for all notes,
and other cards than Anki's engine would make. This module also sets the ids of fields and templates.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, BinaryIO, ClassVar

from msgspec import Struct

from deckgen.lazy_imports import imported_lazily
from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Media, NoteType
from deckgen.notetypes import NoteTypes, ids_of, stable_id
from deckgen.package.archive import BUILD_LEVEL, RELEASE_LEVEL, Compressed, compressed, open_archive
from deckgen.package.database import database_bytes
from deckgen.package.former import NO_FORMER, FormerPackage, copy_rows
from deckgen.package.groups import NoteGroup, Place, group_of, places
from deckgen.package.rows import PackageNote as PackageNote
from deckgen.package.rows import TypeColumns, write_rows

with imported_lazily("asyncio", "yaml"):  # genanki does not use them for what it does here
    import genanki

_DEFAULT, _DEFAULT_ID = "Default", 1  # the deck that each collection has
_MOST_LEVELS = 100  # of a deck's name; Anki refuses a package with some thousands
# Anki keeps files whose names begin with _ under their names, for templates and CSS.
_MEDIA_NAME = lazy_pattern(r"[a-z0-9._-]{1,120}|_[^/\\\x00-\x1f\x7f]{1,119}")
# Suffixes of files that are compressed already.
_COMPRESSED = {".webp", ".png", ".jpg", ".jpeg", ".gif", ".avif", ".mp3", ".ogg", ".m4a", ".mp4", ".webm"}


class PackageDeck(Struct, frozen=True, dict=True):
    """A deck as it is written into a package. The ids of decks and note types are made from `id`.

    `name` is the full name of the top deck, and `description` is its description in Markdown. `media` are the files of all notes.
    `type_mods` maps each note type in use to the time of its last change, in seconds (Unix time). `notetypes` has all types of the deck.
    With `mathml` the note types use the font for formulas, which is one of the media. `former` has groups of notes that a former package
    has too: of such a group only the last note is in `notes`, and represents it.
    """

    id: str
    name: str
    description: str
    notes: Sequence[PackageNote]
    media: Sequence[Media]
    type_mods: Mapping[str, int]
    notetypes: NoteTypes
    mathml: bool = False
    former: FormerPackage = NO_FORMER

    @cached_property
    def groups(self) -> list[NoteGroup]:
        """The groups of all notes, in their order. A note that represents no others is a group."""
        return [
            known.group if (known := self.former.groups.get(note.guid)) else group_of([note]) for note in self.notes
        ]

    @cached_property
    def newest(self) -> int:
        """The latest time of change of a note or a note type, in seconds (Unix time)."""
        return max([*(group.newest for group in self.groups), *self.type_mods.values()])

    @cached_property
    def deck_names(self) -> list[str]:
        """The names of the decks: first the top deck, and then those of the notes."""
        return list(dict.fromkeys([self.name, *(name for group in self.groups for name in group.rows)]))

    @cached_property
    def places(self) -> list[Place]:
        """Where the rows of each group are in the collection of the package."""
        # The ids are times in milliseconds, which must be before the newest change.
        first = self.newest * 1000 - 2 * sum(group.notes + group.cards for group in self.groups)
        return places(self.groups, self.deck_names, first)


def package_errors(notes: Sequence[PackageNote], media: Sequence[Media]) -> Iterator[tuple[int | None, str]]:
    """Yield what Anki would refuse or misread: the index of the note and a message. The index is None for a media file."""
    for i, note in enumerate(notes):
        if any("\x1f" in text for text in note.fields):
            yield i, "a field has the character U+001F, which Anki uses to separate fields"
        if not note.cards:
            yield i, "the note would have no card"
        if (levels := note.deck.count("::") + 1) > _MOST_LEVELS:
            yield i, f"the name of the note's deck has {levels} levels, and {_MOST_LEVELS} are allowed"
        if reserved := {"marked", "leech"} & {tag.lower() for tag in note.tags}:
            yield i, f"the tag {min(reserved)} is reserved by Anki"
    for item in media:
        if not _MEDIA_NAME.fullmatch(item.name):
            yield None, f"{item.name} is not a valid name of a media file"


def write_package(file: BinaryIO, deck: PackageDeck, collection: Compressed) -> None:
    """Write the package of a deck with its collection to an open binary file. Raises OSError if a media file cannot be read."""
    media = sorted(deck.media, key=lambda item: item.name)
    with open_archive(file) as archive:
        archive.add_compressed("collection.anki2", collection)
        archive.add("media", json.dumps({str(i): item.name for i, item in enumerate(media)}).encode(), compress=True)
        for i, item in enumerate(media):
            archive.add(str(i), item.path.read_bytes(), compress=item.path.suffix.lower() not in _COMPRESSED)


def packed_collection(deck: PackageDeck, *, release: bool) -> Compressed:
    """Return the collection of a deck as its package has it. A `release` is smaller, and takes longer."""
    return compressed(_collection(deck), RELEASE_LEVEL if release else BUILD_LEVEL)


def _collection(deck: PackageDeck) -> bytearray:
    """The SQLite database of the package, schema 11."""
    models = {kind: _model(deck, deck.notetypes[kind], mod) for kind, mod in deck.type_mods.items()}
    decks = _decks(deck, models)
    types = {kind: TypeColumns(model.model_id, model.sort_field_index) for kind, model in models.items()}
    own, former = [], []
    for note, place in zip(deck.notes, deck.places):
        if known := deck.former.groups.get(note.guid):
            former.append((known, place))
        else:
            own.append((note, place.first, place.ids[note.deck]))

    def fill(connection: sqlite3.Connection) -> None:
        cursor = connection.cursor()
        genanki.Package(list(decks.values())).write_to_db(cursor, deck.newest, iter(()))
        write_rows(cursor, own, types, {name: each.deck_id for name, each in decks.items()})
        days, milliseconds = deck.newest - deck.newest % 86400, deck.newest * 1000
        cursor.execute("UPDATE col SET crt = ?, mod = ?, scm = ?", (days, milliseconds, milliseconds))
        copy_rows(connection, deck.former, former)

    return database_bytes(fill)


def _decks(deck: PackageDeck, models: Mapping[str, genanki.Model]) -> dict[str, genanki.Deck]:
    """The decks by their names, with their note types. The top deck has the description.

    The top deck may have no notes. Anki imports it as the parent of a deck with notes.
    """
    decks = {
        name: _Deck(_deck_id(deck, name), name, deck.description if name == deck.name else "")
        for name in deck.deck_names
    }
    for name, kind in dict.fromkeys(use for group in deck.groups for use in group.uses):
        decks[name].add_model(models[kind])
    return decks


def _deck_id(deck: PackageDeck, name: str) -> int:
    """The id of the deck with a name. genanki writes Anki's own deck into each package, and Anki would rename a second one of that name."""
    return _DEFAULT_ID if name.casefold() == _DEFAULT.casefold() else stable_id(deck.id, "deck", name)


class _Deck(genanki.Deck):
    """A deck whose description is Markdown."""

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = super().to_json()
        return data | {"md": bool(self.description)}


class _Model(genanki.Model):
    """A note type with its own time of change. `req` is empty, because Anki computes it at the import."""

    mod = 0
    stock_kind = 0
    settings: Mapping[str, Any] = MappingProxyType({})
    _req: ClassVar[list[Any]] = []

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        stock = {"originalStockKind": self.stock_kind} if self.stock_kind else {}
        data: dict[str, Any] = super().to_json(self.mod, deck_id)
        return {**data, "did": None, **stock, **self.settings}


def _model(deck: PackageDeck, kind: NoteType, mod: int) -> _Model:
    ids = ids_of(kind, deck.id)
    model = _Model(
        ids.notetype,
        kind.name(deck.name),
        fields=[
            {"name": each.name, **_id(ids.fields[each.name]), **_stock_field(kind, i), **each.settings}
            for i, each in enumerate(kind.fields)
        ],
        templates=[
            {"name": t.name, **_id(ids.templates[t.name]), "qfmt": t.front, "afmt": t.back, **t.settings}
            for t in kind.templates
        ],
        css=kind.css,
        model_type=genanki.Model.CLOZE if kind.cloze else genanki.Model.FRONT_BACK,
        sort_field_index=kind.sort_field,
    )
    model.mod, model.stock_kind, model.settings = mod, kind.stock_kind, kind.settings
    return model


def _id(number: int) -> dict[str, int]:
    """The id of a field or template as Anki's JSON has it. Older packages have none; then Anki compares the names."""
    return {"id": number} if number else {}


def _stock_field(kind: NoteType, index: int) -> dict[str, Any]:
    """The keys that mark a field of a native note type of Anki: a tag, and whether users may delete the field. Only the last one may."""
    return {"tag": index, "preventDeletion": index < kind.stock_fields - 1} if index < kind.stock_fields else {}
