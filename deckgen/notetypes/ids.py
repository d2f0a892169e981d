"""Ids of decks, note types, fields and templates: the same in every build."""

import hashlib


def stable_id(*parts: str) -> int:
    """A positive number below 2**53 from texts: the same for ever, as the ids of note types, fields and decks are.

    Below 2**53 it survives JavaScript's numbers; 2**30 and more keeps clear of the small ids that Anki reserves, and
    as a time in milliseconds it stays in the past (before the year 2004).
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return 2**30 + int.from_bytes(digest[:8], "big") % 2**40


def type_id(deck_id: str, kind: str) -> int:
    """The id of a deck's note type."""
    return stable_id(deck_id, kind, "notetype", "")
