"""Take over a deck that exists: an Anki package → note files, media, note types, deck.toml and a lock with the same identities."""

from deckgen.importer.create import ImportResult, import_deck
from deckgen.importer.files import SPLITS

__all__ = ["SPLITS", "ImportResult", "import_deck"]
