"""The code of the deck's figures can be imported by the tests of the deck, as the figures import one another."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "notes" / "figures"))
