"""The rows of a lock (deck, notes, note types, releases) as frozen data, and the functions that read and validate them."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import fields

from deckgen.identity.values import DECK_RULES, NOTE_RULES, RELEASE_RULES, TYPE_RULES, Rule, check_values


class State(StrEnum):
    """Whether the deck has the note. A retired note has left the deck; its guid is never used again for another note."""

    ACTIVE = "active"
    RETIRED = "retired"


class MadeFor(Struct, frozen=True):
    """The id and the name of the deck at the time when the lock was written."""

    deck: str
    name: str


class LockEntry(Struct, frozen=True):
    """One note, as of the last build.

    `question_digest` and `answer_digest` are digests of the source of question and answer (16 hexadecimal digits).
    `sketch` is a sketch of the answer (`fingerprint.sketch`): two answers can be compared without their text.
    `fields` is the digest of all that the package holds of the note. `mod` is the time of its last change, in seconds (Unix time).
    `parts` maps the name of each card that an image-occlusion note ever had to the number of the card, from 1 on.
    `dialect` is the dialect that deckgen detected for the file; None if the author named one.
    `inputs` maps a reason (`changes.Reason`) to the digest of an input of the fields. A build gives the reason if the digest differs.
    Entries of older versions of deckgen have no inputs.
    `original` is the digest of the note that this note translates, from the time when the translation was last edited or confirmed. It is
    None in a deck that is not a translation.
    """

    guid: str
    kind: str
    id: str | None
    file: str
    question: str
    question_digest: str
    answer_digest: str
    sketch: str
    fields: str
    mod: int
    state: State
    parts: Mapping[str, int] = field(default_factory=dict)
    dialect: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    original: str | None = None


class LockedNoteType(Struct, frozen=True):
    """One note type: the digest of its fields, templates and CSS, and the time of its last change (`mod`, Unix time in seconds).

    For a note type of the deck itself, `id` is its frozen id. `fields` and `templates` map names to frozen ids.
    `cloze` says whether it has clozes. For the note types of deckgen these are None or empty.
    """

    notetype: str
    digest: str
    mod: int
    id: int | None = None
    fields: Mapping[str, int] = field(default_factory=dict)
    templates: Mapping[str, int] = field(default_factory=dict)
    cloze: bool | None = None


class LockedRelease(Struct, frozen=True):
    """A released package: its version (`release`), the time of its changes (Unix time in seconds), its SHA-256 in hexadecimal.

    `cleanup` is the SHA-256 of the cleanup package, which holds the retired notes; None if there is none.
    """

    release: str
    time: int
    sha256: str
    cleanup: str | None = None


Row = MadeFor | LockEntry | LockedNoteType | LockedRelease


class Lock(Struct, frozen=True):
    """The content of a lock file. `notes` are in reading order, `releases` in the order in which they were made.

    After a merge of two branches, a note may have several states. Then `notes` has its newest state, and `states` has all of them.
    `made_for` is empty in older locks. It has two rows if a branch renamed the deck.
    `lines` maps a guid to its entry and to the lines of the entry in the file, as UTF-8. It is empty unless this version of deckgen wrote the file.
    """

    notes: tuple[LockEntry, ...] = ()
    types: tuple[LockedNoteType, ...] = ()
    releases: tuple[LockedRelease, ...] = ()
    made_for: tuple[MadeFor, ...] = ()
    states: tuple[LockEntry, ...] = ()
    lines: Mapping[str, tuple[LockEntry, bytes]] = field(default_factory=dict)

    def type_of(self, kind: str) -> LockedNoteType | None:
        """The row of a note type; None if the lock has none."""
        return next((entry for entry in self.types if entry.notetype == kind), None)

    def dialects(self) -> dict[str, str]:
        """Path of a file inside the deck → the dialect that deckgen detected for it."""
        return {entry.file: entry.dialect for entry in self.notes if entry.dialect and entry.state is State.ACTIVE}


def _keys(entry: type[Row]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The keys that a row of a kind may have in the file, and those that it must have."""
    keys = {FILE_KEYS.get(each.name, each.name): each for each in fields(entry)}
    needed = (key for key, each in keys.items() if each.required)
    return frozenset(keys), tuple(needed)


def _check_row(row: Mapping[str, Any], entry: Any, rules: Mapping[str, Rule]) -> None:
    """Raise ValueError if a key is missing or unknown, or if a value is wrong."""
    keys, needed = _KEYS[entry]
    if (missing := next((key for key in needed if key not in row), None)) is not None:
        raise ValueError(f"no {missing}")
    if (unknown := next((key for key in row if key not in keys), None)) is not None:
        raise ValueError(f"unknown key {unknown}")
    check_values(row, rules)


def _made_for(row: dict[str, Any]) -> MadeFor:
    _check_row(row, MadeFor, DECK_RULES)
    return MadeFor(**row)


def _type_entry(row: dict[str, Any]) -> LockedNoteType:
    _check_row(row, LockedNoteType, TYPE_RULES)
    entry = LockedNoteType(**row)
    ids = (entry.id, entry.fields, entry.templates)
    if any(ids) and not all(ids):
        raise ValueError("no ids of a note type")
    return entry


def _release(row: dict[str, Any]) -> LockedRelease:
    _check_row(row, LockedRelease, RELEASE_RULES)
    return LockedRelease(**row)


# Attribute of LockEntry → its key in the lock file, if the key has another name.
FILE_KEYS: Mapping[str, str] = {"question_digest": "asked", "answer_digest": "answered"}


def _entry(row: dict[str, Any]) -> LockEntry:
    row = {"id": None, **row}
    _check_row(row, LockEntry, NOTE_RULES)
    parts = row.get("parts", {})
    if len(set(parts.values())) < len(parts):
        raise ValueError("two parts have the same number")
    # Only `deckgen lock new` writes a note that no package had.
    if not row["mod"] and row["fields"]:
        raise ValueError("mod is not a time in seconds")
    return entry_of(row)


def entry_of(row: dict[str, Any]) -> LockEntry:
    """The entry of a row without its checksum. The row is right, and is changed."""
    row.setdefault("id", None)
    for name, key in FILE_KEYS.items():
        row[name] = row.pop(key)
    row["state"] = State(row["state"])
    return LockEntry(**row)


# Key that each row of one kind has → reader of such a row. A reader raises ValueError if the row is wrong.
READERS: Mapping[str, Callable[[dict[str, Any]], Row]] = {
    "guid": _entry,
    "notetype": _type_entry,
    "release": _release,
    "deck": _made_for,
}
_KEYS = {entry: _keys(entry) for entry in (MadeFor, LockEntry, LockedNoteType, LockedRelease)}
