"""deckgen turns Markdown study notes into Anki decks that can be updated in place."""

__version__ = "0.1.0"
DISTRIBUTION = "deckgen-anki"
"""The name of deckgen in a package index. The name `deckgen` there belongs to another project."""
