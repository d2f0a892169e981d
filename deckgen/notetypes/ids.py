"""The ids of decks, note types, fields and templates. They are the same in every build."""

import hashlib

from deckgen.model import NoteType, TypeIds


def stable_id(*parts: str) -> int:
    """Return a number from texts, for the id of a deck, note type, field or template. It never changes.

    It is below 2**53, so JavaScript can hold it. It is at least 2**30, because Anki reserves small ids. As a time in
    milliseconds it is in the past (before the year 2005).
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return 2**30 + int.from_bytes(digest[:8], "big") % 2**40


def type_id(deck_id: str, kind: str) -> int:
    """Return the id of a note type whose id is not in the lock."""
    return stable_id(deck_id, kind, "notetype", "")


def ids_of(notetype: NoteType, deck_id: str) -> TypeIds:
    """Return the ids of a note type in packages of a deck: the ids in the lock, else ids from the deck's id and the names."""

    def made(part: str, name: str) -> int:
        return stable_id(deck_id, notetype.kind, part, name)

    return notetype.ids or TypeIds(
        type_id(deck_id, notetype.kind),
        {name: made("field", name) for name in notetype.field_names},
        {each.name: made("template", each.name) for each in notetype.templates},
    )
