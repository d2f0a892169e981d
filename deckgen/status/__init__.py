"""deckgen status: what differs between the notes, the last build, the last release and a running Anki. Nothing is written."""

from deckgen.status.status import AnkiState, NoteStatus, Status, deck_status

__all__ = ["AnkiState", "NoteStatus", "Status", "deck_status"]
