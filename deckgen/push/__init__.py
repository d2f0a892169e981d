"""Push a deck into a running Anki, and say what changed there."""
