"""The rows of notes and cards in the database of a package, schema 11."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

DUE_STEP = 10  # difference of the positions of two new cards
_SEPARATOR = "\x1f"  # between the fields of a note
_UNSYNCED = -1  # the update sequence number of a row that was never synchronised


class PackageNote(Struct, frozen=True):
    """A note as it is written into the package.

    `fields` are HTML, in the order of the note type. `mod` is in seconds (Unix time). `cards` are the 0-based ordinals of its cards, sorted.
    """

    guid: str
    kind: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    mod: int
    cards: tuple[int, ...]


class TypeColumns(Struct, frozen=True):
    """What the rows of a note have of its note type: the id, and the 0-based index of the field that Anki sorts by."""

    id: int
    sort_field: int


def write_rows(
    cursor: sqlite3.Cursor,
    notes: Iterable[tuple[PackageNote, int, int]],
    types: Mapping[str, TypeColumns],
    decks: Mapping[str, int],
) -> None:
    """Insert the rows of notes and of their cards. Each note comes with its 0-based index in the package and the id of its row.

    `types` has the columns of each note type by its kind, and `decks` the id of each deck by its name. The ids of its cards follow that of the
    note. New cards are learned in the order of the notes.
    """
    rows: list[tuple[Any, ...]] = []
    cards: list[tuple[Any, ...]] = []
    for note, index, number in notes:
        deck, due = decks[note.deck], (index + 1) * DUE_STEP
        rows.append(_note_row(number, note, types[note.kind]))
        cards += [_card_row(number + n, number, deck, each, note.mod, due) for n, each in enumerate(note.cards, 1)]
    _insert(cursor, "notes", rows)
    _insert(cursor, "cards", cards)


def _note_row(number: int, note: PackageNote, columns: TypeColumns) -> tuple[Any, ...]:
    """id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data. Anki computes the checksum of the first field at the import."""
    return (
        number,
        note.guid,
        columns.id,
        note.mod,
        _UNSYNCED,
        f" {' '.join(note.tags)} ",
        _SEPARATOR.join(note.fields),
        note.fields[columns.sort_field],
        0,
        0,
        "",
    )


def _card_row(number: int, note: int, deck: int, ordinal: int, mod: int, due: int) -> tuple[Any, ...]:
    """id, nid, did, ord, mod, usn, type, queue, due, and then what only cards that were studied have."""
    return number, note, deck, ordinal, mod, _UNSYNCED, 0, 0, due, 0, 0, 0, 0, 0, 0, 0, 0, ""


def _insert(cursor: sqlite3.Cursor, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    rows = list(rows)
    if rows:
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
