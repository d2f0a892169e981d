"""Find the deck that contains a path. This module imports nothing that is slow to import."""

import os
from pathlib import Path

FILE = "deck.toml"


def deck_around(path: Path) -> Path | None:
    """Return the folder of the deck.toml around a path, or None. It is relative if the path is relative."""
    inside = absolute(path)
    home = next((folder for folder in (inside, *inside.parents) if (folder / FILE).is_file()), None)
    return home if home is None or path.is_absolute() else Path(os.path.relpath(home))


def absolute(path: Path) -> Path:
    """Return the absolute path without `..`. Symbolic links are not resolved."""
    return Path(os.path.abspath(path))
