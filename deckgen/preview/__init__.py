"""A page that shows the cards of a deck as Anki does, and shows them again when a file changes; or the same page as files."""
