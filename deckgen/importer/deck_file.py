"""The deck.toml of an imported deck."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from deckgen.commonmark import escape_line
from deckgen.importer.notes import WrittenNote
from deckgen.lazy_patterns import lazy_pattern
from deckgen.notetypes.imported import toml_text
from deckgen.package.contents import Package, PackedDeck
from deckgen.project import deck_name
from deckgen.render.html import plain_text

_TEXT = """\
# Imported from an Anki package. deck.lock has the identities of its notes: keep it with these files.
# The id of this deck. Never change it.
id = "{id}"
name = {name}
slug = "{slug}"
version = "0.1.0"
lock = true
# Each file names its deck. Headings become neither tags nor decks.
sections = "none"
dialect = "fields"
# No lints: the notes were written elsewhere. `deckgen explain` lists those that a deck can name.
lint = []
description = {description}
author = ""
license = ""
homepage = ""
language = "en"
"""
_SLUG = lazy_pattern(r"[^a-z0-9]+")


def deck_toml(deck_id: str, name: str, description: str) -> str:
    """The text of deck.toml. `name` is the full name of the top deck, and `description` its description in Markdown."""
    return _TEXT.format(id=deck_id, name=toml_text(name), slug=_slug(name), description=toml_text(description))


def top_deck(notes: Sequence[WrittenNote]) -> str:
    """The deck that all decks of the notes are in, or that the most notes are in."""
    decks = Counter(deck_name(note.deck) for note in notes)
    common = _common([name.split("::") for name in decks])
    if common:
        return "::".join(common)
    return Counter(name.split("::")[0] for name in decks.elements()).most_common(1)[0][0]


def description_of(package: Package, name: str) -> str:
    """The description of a deck in Markdown."""
    deck = next((deck for full, deck in package.decks.items() if deck_name(full) == name), None)
    return _markdown(deck) if deck else ""


def _markdown(deck: PackedDeck) -> str:
    if deck.markdown and "<" not in deck.description:
        return deck.description
    return escape_line(plain_text(deck.description))


def _common(names: list[list[str]]) -> list[str]:
    shortest = min(names, key=len)
    count = 0
    while count < len(shortest) and all(name[count] == shortest[count] for name in names):
        count += 1
    return shortest[:count]


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = _SLUG.sub("-", plain).strip("-")[:60].strip("-")
    return (
        "deck"
        if not slug
        else f"{slug}-deck"
        if slug in ("collection", "backup") or slug.startswith("backup-")
        else slug
    )
