"""deckgen turns Markdown study notes into Anki decks that can be updated in place."""

__version__ = "0.1.0"
