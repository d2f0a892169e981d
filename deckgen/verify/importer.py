"""The ways to import a package into Anki."""

from enum import StrEnum


class Importer(StrEnum):
    """Who imports: the dialog of the desktop program with its default options, or the add-on AnkiConnect (`deckgen push`)."""

    DESKTOP = "desktop"
    ANKICONNECT = "ankiconnect"
