"""Run the command: `python -m deckgen` does the same as `deckgen`."""

from deckgen.cli import main

main(prog_name="deckgen")
