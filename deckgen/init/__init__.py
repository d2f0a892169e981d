"""`deckgen init`: make a deck of a folder of notes, with the files that its repository needs."""
