"""The actions of AnkiConnect that deckgen uses, with types. Its README describes the actions; deckgen needs version 6 of the protocol."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from deckgen.ankiconnect.connection import VERSION, Connection
from deckgen.ankiconnect.errors import other_profile, other_server, too_old
from deckgen.problems import DeckError

_LONG = 600.0  # seconds for an import or an export of a large package
_BATCH = 500  # notes or cards of one request


class AnkiNote(Struct, frozen=True):
    """A note as Anki has it. `number` is its id in the collection, which never changes. The protocol does not give its guid.

    `fields` maps names to HTML, in the order of the note type. `mod` is the time of the last change in seconds (Unix time); None if
    the add-on does not say it (versions before 2024).
    """

    number: int
    notetype: str
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    mod: int | None


class Client:
    """A running Anki. Each method raises DeckError if Anki does not answer, refuses, or answers something else."""

    def __init__(self, connection: Connection):
        self._connection = connection
        self.url = connection.url

    def require(self, profile: str = "") -> str:
        """Check that AnkiConnect answers, is not too old, and has a collection open. Return the name of the open profile.

        The name is "" if the add-on cannot say it. Raises DeckError also if `profile` is given and another profile is open.
        """
        version = self._connection.call("version")
        if not isinstance(version, int) or version < VERSION:
            raise too_old(self.url, f"its protocol has version {version}, and deckgen needs {VERSION}")
        loaded = self._profile()
        if profile and loaded is None:
            raise too_old(self.url, "it cannot say which profile is open")
        if profile and loaded != profile:
            raise other_profile(self.url, profile, loaded or "")
        self._connection.call("deckNames")  # fails without an open collection
        return loaded or ""

    def find_notes(self, query: str) -> tuple[int, ...]:
        """The ids of the notes that a search of Anki finds, sorted."""
        return tuple(sorted(self._numbers("findNotes", query=query)))

    def notes_of_types(self, notetypes: Iterable[int]) -> dict[int, AnkiNote]:
        """Id → note, for all notes of the note types with these ids, wherever their cards are."""
        query = " or ".join(f"mid:{number}" for number in sorted(notetypes))
        return self.notes(self.find_notes(query)) if query else {}

    def notes(self, numbers: Sequence[int]) -> dict[int, AnkiNote]:
        """Id → note. Notes that do not exist are left out."""
        found = (self._connection.call("notesInfo", notes=list(part)) for part in _parts(numbers))
        try:
            notes = [_note(row) for rows in found for row in rows if row]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise other_server(self.url, f"notesInfo without {error}") from error
        return {note.number: note for note in notes}

    def cards_of(self, numbers: Sequence[int], which: str = "") -> tuple[int, ...]:
        """The ids of the cards of notes. `which` is a further search, for example `-is:suspended`."""
        queries = (f"nid:{','.join(map(str, part))} {which}" for part in _parts(numbers))
        return tuple(card for query in queries for card in self._numbers("findCards", query=query))

    def notes_of_cards(self, cards: Sequence[int]) -> tuple[int, ...]:
        """The ids of the notes of cards, each once, sorted."""
        parts = (self._numbers("cardsToNotes", cards=part) for part in _parts(cards))
        return tuple(sorted({number for part in parts for number in part}))

    def decks_of(self, cards: Sequence[int]) -> tuple[str, ...]:
        """The full names of the decks of cards, each once, sorted."""
        return tuple(sorted({name for part in _parts(cards) for name in self._connection.call("getDecks", cards=part)}))

    def notetype_names(self) -> dict[int, str]:
        """Id → name, for all note types."""
        found = self._connection.call("modelNamesAndIds")
        if not isinstance(found, dict) or not all(isinstance(number, int) for number in found.values()):
            raise other_server(self.url, "modelNamesAndIds without ids")
        return {number: name for name, number in found.items()}

    def templates(self, notetype: str) -> dict[str, tuple[str, str]]:
        """Name of a card template → its question and answer formats, for the note type with this name."""
        found = self._connection.call("modelTemplates", modelName=notetype)
        try:
            return {name: (each["Front"], each["Back"]) for name, each in found.items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise other_server(self.url, f"modelTemplates without {error}") from error

    def css(self, notetype: str) -> str:
        """The CSS of the note type with this name."""
        found = self._connection.call("modelStyling", modelName=notetype)
        if not isinstance(found, dict) or not isinstance(found.get("css"), str):
            raise other_server(self.url, "modelStyling without css")
        return str(found["css"])

    def import_package(self, path: Path) -> None:
        """Import a package of this machine. Anki opens the path itself, so it must be able to read it.

        AnkiConnect imports with `merge_notetypes`, `with_scheduling` and `with_deck_configs` (see `deckgen.verify.engine`).
        """
        if self._connection.call("importPackage", seconds=_LONG, path=os.path.abspath(path)) is False:
            raise other_server(self.url, "importPackage did nothing")

    def export_package(self, deck: str, path: Path) -> bool:
        """Write the package of a deck with its subdecks, with media and without schedules. False if there is no such deck."""
        return self._connection.call("exportPackage", seconds=_LONG, deck=deck, path=os.path.abspath(path)) is not False

    def add_tag(self, numbers: Sequence[int], tag: str) -> None:
        """Add a tag to notes."""
        for part in _parts(numbers):
            self._connection.call("addTags", notes=part, tags=tag)

    def suspend(self, cards: Sequence[int]) -> None:
        """Suspend cards."""
        for part in _parts(cards):
            self._connection.call("suspend", cards=part)

    def _profile(self) -> str | None:
        """The name of the open profile; None if the add-on has no such action."""
        try:
            return str(self._connection.call("getActiveProfile"))
        except DeckError as error:
            if error.problems[0].code == "ankiconnect-old":
                return None
            raise

    def _numbers(self, action: str, **params: Any) -> list[int]:
        found = self._connection.call(action, **params)
        if not isinstance(found, list) or not all(isinstance(number, int) for number in found):
            raise other_server(self.url, f"{action} without a list of ids")
        return found


def _note(row: Mapping[str, Any]) -> AnkiNote:
    fields = sorted(row["fields"].items(), key=lambda item: item[1]["order"])
    return AnkiNote(
        int(row["noteId"]),
        str(row["modelName"]),
        {name: str(field["value"]) for name, field in fields},
        tuple(map(str, row["tags"])),
        int(row["mod"]) if "mod" in row else None,
    )


def _parts(numbers: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), _BATCH):
        yield list(numbers[start : start + _BATCH])
