"""`deckgen doctor`: what is installed on this machine, what is missing, and the command that installs it."""
