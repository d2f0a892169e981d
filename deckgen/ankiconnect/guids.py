"""Find the guids of notes in Anki.

AnkiConnect gives no guids, but it can write a package of a deck, and a package has them. So the guid of a note is read from a package, once
for each note: neither its id in the collection nor its guid ever changes.
"""

from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

from deckgen.ankiconnect.client import Client
from deckgen.package.read import read_package
from deckgen.problems import DeckError

_SEPARATOR = "::"


class Guids:
    """The guids of notes in Anki, as far as they were read."""

    def __init__(self, client: Client):
        self._client = client
        self._known: dict[int, str] = {}

    def of(self, numbers: Collection[int], decks: Collection[str]) -> dict[int, str]:
        """Id in Anki → guid. Raises DeckError if Anki refuses.

        Notes are left out if none of their cards is in one of these decks (full names) or below. Other decks of the user are not read:
        they can be large, and notes of this deck are rarely there.
        """
        unknown = sorted(number for number in numbers if number not in self._known)
        if unknown:
            used = self._client.decks_of(self._client.cards_of(unknown))
            for deck in _tops(decks):
                if any(name == deck or _is_below(name, deck) for name in used):
                    self._read(deck)
        return {number: self._known[number] for number in numbers if number in self._known}

    def _read(self, deck: str) -> None:
        with TemporaryDirectory(prefix="deckgen-push-") as folder:
            path = Path(folder) / "deck.apkg"
            self._client.export_package(deck, path)
            if not path.is_file():
                raise DeckError.at(
                    self._client.url,
                    f"Anki wrote no package of the deck {deck} into {folder}",
                    code="anki-refused",
                    hint="Anki must run on this machine, and must be allowed to write there",
                )
            self._known |= {note.id: note.guid for note in read_package(path).notes}


def _tops(decks: Collection[str]) -> list[str]:
    """The decks that are not below another one."""
    return sorted(name for name in decks if not any(_is_below(name, other) for other in decks))


def _is_below(name: str, other: str) -> bool:
    return name.startswith(other + _SEPARATOR)
