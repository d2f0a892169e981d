"""`deckgen stats`: counts what a deck contains, and how it changed from release to release."""
