"""Read the decks, notes and cards of a package from its database."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from deckgen.package import values
from deckgen.package.contents import PackedCard, PackedDeck, PackedNote, PackedSchedule, PackedType
from deckgen.package.database_read import Database
from deckgen.package.limits import LARGEST_TEXT, LONGEST_GUID, OverLimit
from deckgen.package.packed_types import has_tables
from deckgen.package.protobuf import Message

_SEPARATOR = "\x1f"
_HIGHEST_ORDINAL = 2**16 - 1  # Anki stores ordinals in 16 bits
_LATEST = 2**40  # seconds
_NEW = (0, 0, 0)  # type, queue and flags of a card that was never studied
_CARDS = (
    "SELECT id, nid, ord, did, odid, type, queue, flags, due, ivl, factor, reps, lapses, odue FROM cards ORDER BY id"
)


def read_decks(database: Database) -> dict[int, PackedDeck]:
    """Id of a deck → deck. Raises ValueError or KeyError if the data is not as Anki writes it."""
    if not has_tables(database):
        decks = values.json_mapping(database.value("SELECT decks FROM col"), "the list of its decks")
        found = (
            _deck_from_json(values.integer(int(key), "the id of a deck"), values.mapping(deck, "a deck"))
            for key, deck in decks.items()
        )
    else:
        found = (
            _deck_from_row(values.integer(number, "the id of a deck"), values.name(name, "the name of a deck"), kind)
            for number, name, kind in database.rows("SELECT id, name, kind FROM decks")
        )
    return {deck.id: deck for deck in found}


def _deck_from_json(number: int, deck: Mapping[str, Any]) -> PackedDeck:
    return PackedDeck(
        number,
        values.name(deck["name"], "the name of a deck"),
        values.text(deck.get("desc") or "", "the description of a deck"),
        markdown=bool(deck.get("md")),
        filtered=bool(deck.get("dyn")),
    )


def _deck_from_row(number: int, name: str, kind: object) -> PackedDeck:
    if not isinstance(kind, bytes):
        raise ValueError("the settings of a deck are not data")
    message = Message(kind)
    normal = Message(message.data(1))
    return PackedDeck(
        number,
        name.replace(_SEPARATOR, "::"),
        normal.text(4),
        markdown=bool(normal.integer(5)),
        filtered=message.has(2),
    )


def read_notes(
    database: Database, types: Mapping[int, PackedType], decks: Mapping[int, PackedDeck]
) -> Iterator[PackedNote]:
    """Yield the notes, sorted by id. Raises ValueError if the note type of a note or the deck of a card is missing."""
    cards = _cards(database, decks)
    last = None
    for number, guid, notetype, mod, tags, fields in database.rows(
        "SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id"
    ):
        if last is not None and values.integer(number, "the id of a note") <= last:
            raise ValueError("two of its notes have one id")
        last = values.integer(number, "the id of a note")
        what = f"the note {_guid(guid)!a}"
        if notetype not in types:
            raise ValueError(f"{what} has no note type")
        yield PackedNote(
            guid,
            types[notetype],
            _fields(fields, types[notetype], what),
            tuple(values.text(tags, f"the list of tags of {what}").split()),
            values.integer(mod, f"the time of change of {what}", 0, _LATEST),
            tuple(sorted(cards.get(last, ()))),
            last,
        )


def _guid(value: object) -> str:
    guid = values.name(value, "the guid of a note")
    if len(guid) > LONGEST_GUID:
        raise OverLimit(f"is not as Anki writes it: a guid has more than {LONGEST_GUID} characters")
    return guid


def _fields(value: object, notetype: PackedType, what: str) -> tuple[str, ...]:
    text = values.text(value, f"the text of {what}")
    if len(text) > LARGEST_TEXT:
        raise OverLimit(f"is too large: {what} has {len(text)} characters, and {LARGEST_TEXT} are allowed")
    fields = tuple(text.split(_SEPARATOR, len(notetype.fields)))
    if len(fields) != len(notetype.fields):
        count = text.count(_SEPARATOR) + 1
        raise ValueError(f"{what} has {count} fields, but its note type has {len(notetype.fields)}")
    return fields


def _cards(database: Database, decks: Mapping[int, PackedDeck]) -> dict[int, list[PackedCard]]:
    """Id of a note → its cards. A card in a filtered deck gets its original deck, `odid`."""
    cards = defaultdict(list)
    last = None
    for number, note, ordinal, deck, home, *schedule in database.rows(_CARDS):
        if last is not None and values.integer(number, "the id of a card") <= last:
            raise ValueError("two of its cards have one id")
        last = values.integer(number, "the id of a card")
        home = values.integer(home or deck, "the deck of a card")
        if home not in decks:
            raise ValueError(f"a card is in a deck {home} that does not exist")
        cards[values.integer(note, "the note of a card")].append(
            PackedCard(
                values.integer(ordinal, "the ordinal of a card", 0, _HIGHEST_ORDINAL),
                decks[home].name,
                _schedule(schedule),
            )
        )
    return cards


def _schedule(row: list[object]) -> PackedSchedule | None:
    """The schedule of a card. Old versions of Anki stored some of its numbers as floating-point numbers."""
    numbers = [
        values.integer(int(value) if isinstance(value, float) else value, "a value of the schedule of a card")
        for value in row
    ]
    return None if tuple(numbers[:3]) == _NEW else PackedSchedule(*numbers)
