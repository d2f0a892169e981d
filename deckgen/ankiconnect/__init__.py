"""A client of AnkiConnect, the add-on that lets other programs use a running Anki (version 6 of its protocol)."""

from deckgen.ankiconnect.client import AnkiNote, Client
from deckgen.ankiconnect.connection import DEFAULT_URL, KEY_VARIABLE, Connection
from deckgen.ankiconnect.guids import Guids

__all__ = ["DEFAULT_URL", "KEY_VARIABLE", "AnkiNote", "Client", "Connection", "Guids"]
