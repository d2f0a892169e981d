"""Finds the deck of a command and the folder for its packages."""

from pathlib import Path

from deckgen.deck_folder import FILE, deck_around
from deckgen.problems import DeckError

_BUILD = "build"


def deck_and_out(folder: Path | None, out: Path | None) -> tuple[Path, Path]:
    """Return the deck's folder and the folder for packages. Both arguments are what the user gave, or None.

    Without `folder`, the deck is the one that contains the current folder, as with git and cargo. Packages then go into
    the deck's folder. A folder that the user gave is used as it is. Raises DeckError if there is no deck.
    """
    home = deck_folder(folder)
    return home, out or (Path(_BUILD) if folder is not None else home / _BUILD)


def deck_folder(folder: Path | None) -> Path:
    """Return the folder that the user gave, else the deck that contains the current folder.

    Raises DeckError if there is no deck.
    """
    if folder is not None:
        _require_deck(folder)
        return folder
    home = deck_around(Path("."))
    if home is None:
        raise DeckError.at(
            ".", f"no {FILE} in this folder or above it", code="deck-missing", hint="deckgen init writes one"
        )
    return home


def _require_deck(folder: Path) -> None:
    """Raise DeckError if a folder has no deck.toml and is inside a deck. The hint names that deck."""
    if folder.is_dir() and not (folder / FILE).is_file() and (home := deck_around(folder)):
        raise DeckError.at(
            str(folder), f"no {FILE} in this folder", code="deck-missing", hint=f"the deck that it belongs to is {home}"
        )
