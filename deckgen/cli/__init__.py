"""The command line: each command a few lines, what it does is elsewhere."""

from deckgen.cli.commands import main

__all__ = ["main"]
