"""Read the SQLite database of a package. Schema 11 has note types and decks as JSON; schemas from 15 on have them as tables."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from deckgen.package.contents import PackedCard, PackedField, PackedNote, PackedTemplate, PackedType
from deckgen.package.protobuf import Message

_FIRST_SCHEMA_WITH_TABLES = 15  # tables of note types and decks; JSON before
_SEPARATOR = "\x1f"


def open_collection(data: bytes) -> sqlite3.Connection:
    """Open a database in memory. Raises sqlite3.DatabaseError if the data is no database, here or at the first query."""
    connection = sqlite3.connect(":memory:")
    # Bytes 18 and 19 say that the database uses a write-ahead log. SQLite cannot open such a database in memory.
    connection.deserialize(data[:18] + b"\x01\x01" + data[20:])
    # Anki's indexes use a collation of its own. It must exist, or SQLite refuses to read. Its order does not matter here.
    connection.create_collation("unicase", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold()))
    return connection


def read_types(connection: sqlite3.Connection) -> dict[int, PackedType]:
    """Id of a note type → note type. Raises ValueError or KeyError if the data is not as Anki writes it."""
    if _version(connection) < _FIRST_SCHEMA_WITH_TABLES:
        (models,) = connection.execute("SELECT models FROM col").fetchone()
        return {int(key): _type_from_json(int(key), model) for key, model in dict(json.loads(models)).items()}
    fields, templates = defaultdict(list), defaultdict(list)
    for notetype, name, config in connection.execute("SELECT ntid, name, config FROM fields ORDER BY ntid, ord"):
        fields[notetype].append(PackedField(name, _signed_id(Message(config).integer(9))))
    for notetype, name, config in connection.execute("SELECT ntid, name, config FROM templates ORDER BY ntid, ord"):
        message = Message(config)
        templates[notetype].append(
            PackedTemplate(name, message.text(1), message.text(2), _signed_id(message.integer(8)))
        )
    return {
        number: _type_from_row(number, name, mod, Message(config), tuple(fields[number]), tuple(templates[number]))
        for number, name, mod, config in connection.execute("SELECT id, name, mtime_secs, config FROM notetypes")
    }


def read_decks(connection: sqlite3.Connection) -> dict[int, tuple[str, str]]:
    """Id of a deck → its full name and its description. Raises ValueError or KeyError if the data is not as Anki writes it."""
    if _version(connection) < _FIRST_SCHEMA_WITH_TABLES:
        (decks,) = connection.execute("SELECT decks FROM col").fetchone()
        return {int(key): (deck["name"], deck.get("desc", "")) for key, deck in dict(json.loads(decks)).items()}
    rows = connection.execute("SELECT id, name, kind FROM decks")
    return {
        number: (name.replace(_SEPARATOR, "::"), Message(Message(kind).data(1)).text(4)) for number, name, kind in rows
    }


def read_notes(
    connection: sqlite3.Connection, types: Mapping[int, PackedType], decks: Mapping[int, tuple[str, str]]
) -> Iterator[PackedNote]:
    """Yield the notes, sorted by id. Raises ValueError if the note type of a note or the deck of a card is missing."""
    cards = _cards(connection, decks)
    for number, guid, notetype, mod, tags, fields in connection.execute(
        "SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id"
    ):
        if notetype not in types:
            raise ValueError(f"the note {guid} has no note type")
        values = tuple(str(fields).split(_SEPARATOR))
        if len(values) != len(types[notetype].fields):
            raise ValueError(
                f"the note {guid} has {len(values)} fields, but its note type has {len(types[notetype].fields)}"
            )
        yield PackedNote(guid, types[notetype], values, tuple(tags.split()), mod, tuple(sorted(cards[number])), number)


def _cards(connection: sqlite3.Connection, decks: Mapping[int, tuple[str, str]]) -> dict[int, list[PackedCard]]:
    """Id of a note → its cards. A card in a filtered deck gets its original deck, `odid`."""
    cards = defaultdict(list)
    for note, ordinal, deck, home in connection.execute("SELECT nid, ord, did, odid FROM cards"):
        if (home or deck) not in decks:
            raise ValueError(f"a card is in a deck {home or deck} that does not exist")
        cards[note].append(PackedCard(ordinal, decks[home or deck][0]))
    return cards


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT ver FROM col").fetchone()[0])


def _type_from_json(number: int, model: Mapping[str, Any]) -> PackedType:
    return PackedType(
        number,
        model["name"],
        model["type"] == 1,
        tuple(PackedField(field["name"], field.get("id")) for field in sorted(model["flds"], key=lambda f: f["ord"])),
        tuple(
            PackedTemplate(t["name"], t["qfmt"], t["afmt"], t.get("id"))
            for t in sorted(model["tmpls"], key=lambda t: t["ord"])
        ),
        model["css"],
        model.get("sortf", 0),
        model["mod"],
    )


def _type_from_row(
    number: int,
    name: str,
    mod: int,
    config: Message,
    fields: tuple[PackedField, ...],
    templates: tuple[PackedTemplate, ...],
) -> PackedType:
    return PackedType(number, name, config.integer(1) == 1, fields, templates, config.text(3), config.integer(2), mod)


def _signed_id(number: int) -> int | None:
    """The id of a field or template as a signed number, as JSON has it; None if there is none."""
    return (number - 2**64 if number >= 2**63 else number) or None
