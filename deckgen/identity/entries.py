"""The rows of a lock (deck, notes, note types, releases) as frozen data, and the functions that read and validate them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Any

from deckgen.notetypes import KIND
from deckgen.project_rules import is_version


class State(StrEnum):
    """Whether the deck has the note. A retired note has left the deck; its guid is never used again for another note."""

    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class MadeFor:
    """The id and the name of the deck at the time when the lock was written."""

    deck: str
    name: str


@dataclass(frozen=True, slots=True)
class LockEntry:
    """One note, as of the last build.

    `question_digest` and `answer_digest` are digests of the source of question and answer (16 hexadecimal digits).
    `sketch` is a sketch of the answer (`fingerprint.sketch`): two answers can be compared without their text.
    `fields` is the digest of all that the package holds of the note. `mod` is the time of its last change, in seconds (Unix time).
    `parts` maps the name of each card that an image-occlusion note ever had to the number of the card, from 1 on.
    `dialect` is the dialect that deckgen detected for the file; None if the author named one.
    `inputs` maps a reason (`changes.Reason`) to the digest of an input of the fields. A build gives the reason if the digest differs.
    Entries of older versions of deckgen have no inputs.
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
    parts: Mapping[str, int] = field(default_factory=dict[str, Any], hash=False)
    dialect: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict[str, Any], hash=False)


@dataclass(frozen=True, slots=True)
class LockedNoteType:
    """One note type: the digest of its fields, templates and CSS, and the time of its last change (`mod`, Unix time in seconds).

    For a note type of the deck itself, `id` is its frozen id. `fields` and `templates` map names to frozen ids.
    `cloze` says whether it has clozes. For the note types of deckgen these are None or empty.
    """

    notetype: str
    digest: str
    mod: int
    id: int | None = None
    fields: Mapping[str, int] = field(default_factory=dict[str, Any], hash=False)
    templates: Mapping[str, int] = field(default_factory=dict[str, Any], hash=False)
    cloze: bool | None = None


@dataclass(frozen=True, slots=True)
class LockedRelease:
    """A released package: its version (`release`), the time of its changes (Unix time in seconds), its SHA-256 in hexadecimal.

    `cleanup` is the SHA-256 of the cleanup package, which holds the retired notes; None if there is none.
    """

    release: str
    time: int
    sha256: str
    cleanup: str | None = None


Row = MadeFor | LockEntry | LockedNoteType | LockedRelease


@dataclass(frozen=True, slots=True)
class Lock:
    """The content of a lock file. `notes` are in reading order, `releases` in the order in which they were made.

    After a merge of two branches, a note may have several states. Then `notes` has its newest state, and `states` has all of them.
    `made_for` is empty in older locks. It has two rows if a branch renamed the deck.
    """

    notes: tuple[LockEntry, ...] = ()
    types: tuple[LockedNoteType, ...] = field(default=())
    releases: tuple[LockedRelease, ...] = field(default=())
    made_for: tuple[MadeFor, ...] = ()
    states: tuple[LockEntry, ...] = ()

    def type_of(self, kind: str) -> LockedNoteType | None:
        """The row of a note type; None if the lock has none."""
        return next((entry for entry in self.types if entry.notetype == kind), None)

    def dialects(self) -> dict[str, str]:
        """Path of a file inside the deck → the dialect that deckgen detected for it."""
        return {entry.file: entry.dialect for entry in self.notes if entry.dialect and entry.state is State.ACTIVE}


def _check_keys(row: dict[str, Any], entry: type[Row]) -> None:
    """Raise ValueError if the row lacks a key that its class needs, or has a key that its class does not know."""
    keys = {FILE_KEYS.get(each.name, each.name): each for each in fields(entry)}
    needed = (key for key, each in keys.items() if each.default is MISSING and each.default_factory is MISSING)
    if (missing := next((key for key in needed if key not in row), None)) is not None:
        raise ValueError(f"no {missing}")
    if (unknown := next((key for key in row if key not in keys), None)) is not None:
        raise ValueError(f"unknown key {unknown}")


def _made_for(row: dict[str, Any]) -> MadeFor:
    _check_keys(row, MadeFor)
    made = MadeFor(**row)
    if not all(isinstance(text, str) and text for text in (made.deck, made.name)):
        raise ValueError("no id and name of a deck")
    return made


def _type_entry(row: dict[str, Any]) -> LockedNoteType:
    _check_keys(row, LockedNoteType)
    entry = LockedNoteType(**row)
    _check_kind(entry.notetype)
    if type(entry.mod) is not int or not isinstance(entry.digest, str):
        raise ValueError("no mod" if type(entry.mod) is not int else "no digest")
    if entry.id is None and not entry.fields and not entry.templates:
        return entry
    ids = [entry.id, *_ids(entry.fields), *_ids(entry.templates)]
    if not entry.fields or not entry.templates or not all(type(number) is int and number > 0 for number in ids):
        raise ValueError("no ids of a note type")
    return entry


def _ids(pieces: object) -> list[object]:
    return list(pieces.values()) if isinstance(pieces, dict) else [None]


def _release(row: dict[str, Any]) -> LockedRelease:
    _check_keys(row, LockedRelease)
    release = LockedRelease(**row)
    if type(release.time) is not int or not 0 < release.time < 2**32:
        raise ValueError("no time")
    if not all(isinstance(text, str) for text in (release.sha256, "" if release.cleanup is None else release.cleanup)):
        raise ValueError("no checksum")
    if not isinstance(release.release, str) or not is_version(release.release):
        raise ValueError("no version")
    return release


# Attribute of LockEntry → its key in the lock file, if the key has another name.
FILE_KEYS: Mapping[str, str] = {"question_digest": "asked", "answer_digest": "answered"}
_OPTIONAL = ("id", "parts", "dialect", "inputs")


def _entry(row: dict[str, Any]) -> LockEntry:
    row = {"id": None, **row}
    _check_keys(row, LockEntry)
    wrong = [
        key
        for key in (FILE_KEYS.get(f.name, f.name) for f in fields(LockEntry))
        if key not in _OPTIONAL and not isinstance(row.get(key), int if key == "mod" else str)
    ]
    if wrong:
        raise ValueError(f"no {wrong[0]}")
    if "dialect" in row and not isinstance(row["dialect"], str):
        raise ValueError("no dialect")
    _check_parts(row.get("parts", {}))
    _check_inputs(row.get("inputs", {}))
    _check_kind(row["kind"])
    digests = {name: row.pop(key) for name, key in FILE_KEYS.items()}
    return LockEntry(state=State(row.pop("state")), **digests, **row)


def _check_kind(kind: object) -> None:
    """Raise ValueError if this cannot be the name of a note type. The deck need not have the type any more."""
    if not isinstance(kind, str) or not re.fullmatch(KIND, kind):
        raise ValueError("no note type")


def _check_parts(parts: object) -> None:
    """Raise ValueError if these are not names with different numbers from 1 on."""
    if not isinstance(parts, dict) or not all(type(number) is int and number > 0 for number in parts.values()):
        raise ValueError("parts are not names with numbers")
    if len(set(parts.values())) < len(parts):
        raise ValueError("two parts have the same number")


def _check_inputs(inputs: object) -> None:
    """Raise ValueError if these are not reasons with digests."""
    if not isinstance(inputs, dict) or not all(isinstance(digest, str) for digest in inputs.values()):
        raise ValueError("inputs are not reasons with digests")


# Key that each row of one kind has → reader of such a row. A reader raises ValueError if the row is wrong.
READERS: Mapping[str, Callable[[dict[str, Any]], Row]] = {
    "guid": _entry,
    "notetype": _type_entry,
    "release": _release,
    "deck": _made_for,
}
