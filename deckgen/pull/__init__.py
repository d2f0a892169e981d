"""deckgen pull: bring what people edited in Anki back into the note files, merged three ways."""
