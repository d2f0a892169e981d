"""Retired notes in Anki: tag them or suspend their cards. They are never deleted."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from msgspec import Struct

from deckgen.ankiconnect import AnkiNote, Client
from deckgen.identity.entries import Lock, State


class Retire(StrEnum):
    """What becomes of retired notes in Anki."""

    TAG = "tag"
    SUSPEND = "suspend"
    NONE = "none"


class RetiredNotes(Struct, frozen=True):
    """The retired notes that are in Anki, by their ids there. `changed` counts those that were tagged or suspended now. `tag` is their tag."""

    numbers: tuple[int, ...]
    changed: int
    tag: str


def retired_guids(lock: Lock) -> frozenset[str]:
    """The guids of the notes that have left the deck."""
    return frozenset(entry.guid for entry in lock.notes if entry.state is State.RETIRED)


def suspended_notes(client: Client, numbers: Collection[int]) -> tuple[int, ...]:
    """Those of the notes, by their ids in Anki, that have suspended cards, sorted. Raises DeckError if Anki refuses."""
    return client.notes_of_cards(client.cards_of(sorted(numbers), "is:suspended"))


def retire(client: Client, notes: Mapping[int, AnkiNote], how: Retire, tag: str) -> RetiredNotes:
    """Tag or suspend the notes, unless they are. `notes` are retired notes by their ids in Anki. Raises DeckError if Anki refuses."""
    numbers = tuple(sorted(notes))
    changed: list[int] = []
    if how is Retire.TAG:
        changed = [number for number in numbers if tag.casefold() not in map(str.casefold, notes[number].tags)]
        client.add_tag(changed, tag)
    elif how is Retire.SUSPEND:
        cards = client.cards_of(numbers, "-is:suspended")
        client.suspend(cards)
        changed = list(client.notes_of_cards(cards))
    return RetiredNotes(numbers, len(changed), tag)
