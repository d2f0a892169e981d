"""Compare the notes of a package with the notes in Anki before and after its import: which are new, updated, kept. Pure."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from deckgen.ankiconnect import AnkiNote
from deckgen.package.contents import PackedNote


class State(StrEnum):
    """What the import did with a note.

    KEPT: Anki has another content, because the note was edited there after the change. MISSED: Anki should have updated the note and
    did not.
    """

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    MISSED = "missed"


class PushedNote(Struct, frozen=True):
    """A note of the package. `number` is its id in Anki; None if it is not known which note of Anki it is."""

    state: State
    guid: str
    number: int | None


class InAnki(Struct, frozen=True):
    """The notes of the deck's note types before and after the import, by id. `existed` has the ids of all notes before the import."""

    existed: Collection[int]
    before: Mapping[int, AnkiNote]
    after: Mapping[int, AnkiNote]


def same_notes(packed: Iterable[PackedNote], notes: Mapping[int, AnkiNote]) -> dict[str, int]:
    """Guid → id in Anki, for the notes whose fields are the same on both sides. AnkiConnect gives no guids."""
    left = defaultdict(list)
    for number in sorted(notes, reverse=True):
        left[_filled(notes[number].fields)].append(number)
    found = {}
    for note in packed:
        if numbers := left[_filled(note.named())]:
            found[note.guid] = numbers.pop()
    return found


def compare(packed: Iterable[PackedNote], anki: InAnki, numbers: Mapping[str, int]) -> tuple[PushedNote, ...]:
    """What the import did with each note of the package. `numbers` maps guids to ids in Anki, where they are known."""
    known = ((note, numbers.get(note.guid)) for note in packed)
    return tuple(PushedNote(_state(note, number, anki), note.guid, number) for note, number in known)


def _state(note: PackedNote, number: int | None, anki: InAnki) -> State:
    if number is None:
        return State.KEPT  # a note that was added or updated has the content of the package
    if number not in anki.existed:
        return State.NEW
    before, after = anki.before.get(number), anki.after[number]
    if _has_content(after, note) or after.mod == note.mod:
        return State.UNCHANGED if before and _content(before) == _content(after) else State.UPDATED
    # Older versions of the add-on do not say when a note was changed.
    is_older = before is not None and before.mod is not None and before.mod < note.mod
    return State.MISSED if is_older else State.KEPT


def _has_content(note: AnkiNote, packed: PackedNote) -> bool:
    """Whether a note of Anki has the fields and at least the tags of a note of the package."""
    fields, tags = _content(note)
    return fields == _filled(packed.named()) and tags.issuperset(_nfc(tag).casefold() for tag in packed.tags)


def _content(note: AnkiNote) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    return _filled(note.fields), frozenset(_nfc(tag).casefold() for tag in note.tags)


def _filled(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The fields with a text, by name. When Anki merges note types, notes get further fields, which are empty."""
    return tuple(sorted((_nfc(name), _nfc(text)) for name, text in fields.items() if text))


def _nfc(text: str) -> str:
    """The text as Anki stores it."""
    return unicodedata.normalize("NFC", text)
