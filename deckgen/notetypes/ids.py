"""Ids of decks, note types, fields and templates: the same in every build."""

import hashlib

from deckgen.model import NoteType, TypeIds


def stable_id(*parts: str) -> int:
    """A positive number below 2**53 from texts: the same for ever, as the ids of note types, fields and decks are.

    Below 2**53 it survives JavaScript's numbers; 2**30 and more keeps clear of the small ids that Anki reserves, and
    as a time in milliseconds it stays in the past (before the year 2004).
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return 2**30 + int.from_bytes(digest[:8], "big") % 2**40


def type_id(deck_id: str, kind: str) -> int:
    """The id of a note type that the lock has no id of."""
    return stable_id(deck_id, kind, "notetype", "")


def ids_of(notetype: NoteType, deck_id: str) -> TypeIds:
    """The ids of a note type in packages of a deck: those of the lock, else made from the deck's id and the names."""

    def made(part: str, name: str) -> int:
        return stable_id(deck_id, notetype.kind, part, name)

    return notetype.ids or TypeIds(
        type_id(deck_id, notetype.kind),
        {name: made("field", name) for name in notetype.field_names},
        {each.name: made("template", each.name) for each in notetype.templates},
    )
