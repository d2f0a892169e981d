"""Where a command finds its deck, and where it puts what it makes."""

from pathlib import Path

from deckgen.problems import DeckError
from deckgen.project import FILE
from deckgen.sources import deck_around

_BUILD = "build"


def deck_and_out(folder: Path | None, out: Path | None) -> tuple[Path, Path]:
    """The deck's folder and the one for packages, from what the user named of them.

    Without a folder it is the deck around the current one, as git and cargo find theirs, and packages go below that. A folder that
    is named is taken as it is, as cargo does with --manifest-path: it could become a deck of its own. Raises DeckError where there is none.
    """
    home = deck_folder(folder)
    return home, out or (Path(_BUILD) if folder is not None else home / _BUILD)


def deck_folder(folder: Path | None) -> Path:
    """The deck's folder: the one that the user named, else the one around the current folder. Raises DeckError where there is none."""
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
    """Raise DeckError if a folder has no deck.toml and is inside of a deck: the hint names that deck."""
    if folder.is_dir() and not (folder / FILE).is_file() and (home := deck_around(folder)):
        raise DeckError.at(
            str(folder), f"no {FILE} in this folder", code="deck-missing", hint=f"the deck that it belongs to is {home}"
        )
