"""Cards as Anki shows them, without Anki: fields put into templates."""
