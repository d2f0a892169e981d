"""What a lock holds: the deck that it was made for, notes, note types, releases; and what is wrong with a row that should be one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from deckgen.notetypes import KIND
from deckgen.project_rules import is_version


class State(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class MadeFor:
    """The id and the name that the deck had when the lock was written."""

    deck: str
    name: str


@dataclass(frozen=True, slots=True)
class LockEntry:
    """One note, as of the last build.

    `question_digest` and `answer_digest` are digests of the source of question and answer, `sketch` lets two answers be compared
    without their text; `fields` is the digest of what the package holds of the note, and `mod` the second (Unix time)
    in which that last changed. `parts` are the numbers of all cards that an image-occlusion note ever had, by name.
    `dialect` is the one that the file was found to be written in, None where the author named it.
    `inputs` are digests of what the fields were made from, by the reason (`changes.Reason`) that a build gives when one of them differs;
    there are none in entries that older versions of deckgen wrote.
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
    """One note type: the digest of its templates and look, and the second in which that last changed.

    Of a note type that the deck brings, `id`, `fields` and `templates` are its ids and those of its pieces by their names,
    which stay what they are, and `cloze` says whether it has clozes. For deckgen's own types they are None and empty.
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
    """A package that people have: its version, the second (Unix time) in which its changes were stamped, its SHA-256.

    `cleanup` is the SHA-256 of the package with the retired notes, where there is one.
    """

    release: str
    time: int
    sha256: str
    cleanup: str | None = None


Row = MadeFor | LockEntry | LockedNoteType | LockedRelease


@dataclass(frozen=True, slots=True)
class Lock:
    """`releases` are in the order in which they were made.

    After a merge of two branches a note may have several states; then `notes` holds the newest, and `states` all of them. `made_for` is
    empty in older locks, and has both names after a branch renamed the deck.
    """

    notes: tuple[LockEntry, ...] = ()
    types: tuple[LockedNoteType, ...] = field(default=())
    releases: tuple[LockedRelease, ...] = field(default=())
    made_for: tuple[MadeFor, ...] = ()
    states: tuple[LockEntry, ...] = ()

    def type_of(self, kind: str) -> LockedNoteType | None:
        return next((entry for entry in self.types if entry.notetype == kind), None)

    def dialects(self) -> dict[str, str]:
        """The dialects that files were found to be written in, by the files' paths in the deck."""
        return {entry.file: entry.dialect for entry in self.notes if entry.dialect and entry.state is State.ACTIVE}


def _made_for(row: dict[str, Any]) -> MadeFor:
    made = MadeFor(**row)
    if not all(isinstance(text, str) and text for text in (made.deck, made.name)):
        raise ValueError("no id and name of a deck")
    return made


def _type_entry(row: dict[str, Any]) -> LockedNoteType:
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
    release = LockedRelease(**row)
    if type(release.time) is not int or not 0 < release.time < 2**32:
        raise ValueError("no time")
    if not all(isinstance(text, str) for text in (release.sha256, release.cleanup or "")):
        raise ValueError("no checksum")
    if not isinstance(release.release, str) or not is_version(release.release):
        raise ValueError("no version")
    return release


# The name of an attribute of LockEntry → the key that the lock file has for it, where that is another.
FILE_KEYS: Mapping[str, str] = {"question_digest": "asked", "answer_digest": "answered"}
_OPTIONAL = ("id", "parts", "dialect", "inputs")


def _entry(row: dict[str, Any]) -> LockEntry:
    row = {"id": None, **row}
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
    """ValueError unless this can be the name of a note type, of this deck or of an earlier state of it."""
    if not isinstance(kind, str) or not re.fullmatch(KIND, kind):
        raise ValueError("no note type")


def _check_parts(parts: object) -> None:
    """ValueError unless these are names with numbers of their own, from 1."""
    if not isinstance(parts, dict) or not all(type(number) is int and number > 0 for number in parts.values()):
        raise ValueError("parts are not names with numbers")
    if len(set(parts.values())) < len(parts):
        raise ValueError("two parts have the same number")


def _check_inputs(inputs: object) -> None:
    """ValueError unless these are reasons with digests."""
    if not isinstance(inputs, dict) or not all(isinstance(digest, str) for digest in inputs.values()):
        raise ValueError("inputs are not reasons with digests")


# The key that tells what a row is of → its reader, which raises TypeError, ValueError or KeyError for what is none.
READERS: Mapping[str, Callable[[dict[str, Any]], Row]] = {
    "guid": _entry,
    "notetype": _type_entry,
    "release": _release,
    "deck": _made_for,
}
