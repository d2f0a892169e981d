"""Run the command: `python -m deckgen` does the same as `deckgen`."""

import os
import sys

# `python -m` puts the current folder first in the search path. A folder of notes may have a file with the name of a library.
if not sys.flags.safe_path and sys.path[0] == os.getcwd():
    del sys.path[0]

from deckgen.cli import main

main(prog_name="deckgen")
