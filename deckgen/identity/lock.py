"""deck.lock: the identity of the notes of a deck, in reading order.

A note is a line that never changes (its guid and kind), a line that does, and an empty line. So git merges what two branches
did to neighbours: between two lines that change there is always one that does not. (Where both put notes into the same
place, `deck.lock merge=union` in .gitattributes keeps both.) The last line never changes either: a lock without it was cut.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from deckgen.identity.entries import (
    FILE_KEYS,
    READERS,
    Lock,
    LockedNoteType,
    LockedRelease,
    LockEntry,
    MadeFor,
    Row,
    State,
)
from deckgen.identity.states import newest_state, newest_type
from deckgen.problems import DeckError, Problem, Severity

__all__ = [
    "FILE",
    "Lock",
    "LockEntry",
    "LockedNoteType",
    "LockedRelease",
    "MadeFor",
    "State",
    "dump_lock",
    "line_of",
    "load_lock",
]

FILE = "deck.lock"
# Locks of version 1 had no last line, those of version 2 neither the deck's id and name nor the dialects that were found.
_VERSION, _OLDEST = 3, 1
_HEAD = "deckgen-lock"
_END = {_HEAD: "end"}
_FIXED = {"guid": None, "kind": None}  # The keys of a note's first line, in their order.
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")


def dump_lock(lock: Lock) -> str:
    """The text of the lock file."""
    head = [{_HEAD: _VERSION}, *(_row(row) for rows in (lock.made_for, lock.types, lock.releases) for row in rows)]
    return (
        "".join(_line(row) + "\n" for row in head) + "\n" + "".join(map(_dump_entry, lock.notes)) + _line(_END) + "\n"
    )


def _row(entry: Row) -> dict[str, Any]:
    return {FILE_KEYS.get(name, name): value for name, value in asdict(entry).items() if value not in (None, {})}


def _dump_entry(entry: LockEntry) -> str:
    row = _row(entry)
    return "".join(_line(part) + "\n" for part in ({key: row.pop(key) for key in _FIXED}, row)) + "\n"


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def load_lock(text: str, file: str) -> Lock:
    """Read a lock; `file` is its path for problems. Raises DeckError if it is not a complete lock.

    Lines that a merge took over from both sides are told apart: heads, note types and releases that are there twice, and several states of a note.
    """
    if conflict := next((n for n, line in enumerate(text.split("\n"), 1) if _CONFLICT.match(line)), None):
        raise DeckError.at(
            file,
            "the lock holds a merge conflict",
            code="lock-conflict",
            line=conflict,
            hint="keep the lines of both sides and remove the markers; the next build joins lines that are there twice",
        )
    rows = list(_rows(text, file))
    _check_whole(rows, text, file)
    problems: list[Problem] = []
    found: list[tuple[int, Row]] = []
    for number, row in _joined([(number, row) for number, row in rows if row.keys() != {_HEAD}], file, problems):
        try:
            found.append((number, READERS[_noun(row)](row)))
        except (TypeError, ValueError, KeyError) as error:
            problems.append(_bad(file, number, f"not an entry of a lock ({error})"))
    problems += _contradictions(found, file)
    if problems:
        raise DeckError(problems)
    return _lock([row for _, row in found])


def _check_whole(rows: list[tuple[int, dict[str, Any]]], text: str, file: str) -> None:
    """Raise DeckError unless the rows begin and end as those of a lock; after a merge there may be a head of either side."""
    versions = [(number, row[_HEAD]) for number, row in rows if row.keys() == {_HEAD} and row != _END]
    if not versions or versions[0][0] != rows[0][0]:
        raise DeckError.at(
            file,
            f"not a lock that this deckgen can read: {rows[0][1].get(_HEAD)!r}",
            code="lock-version",
            line=1,
            hint=f"it reads versions up to {_VERSION}",
        )
    for number, version in versions:
        if type(version) is not int or not _OLDEST <= version <= _VERSION:
            raise DeckError.at(
                file,
                f"not a lock that this deckgen can read: {version!r}",
                code="lock-version",
                line=number,
                hint=f"it reads versions up to {_VERSION}",
            )
    if max(version for _, version in versions) > _OLDEST and _END not in (row for _, row in rows):
        raise DeckError(
            [_bad(file, text.rstrip("\n").count("\n") + 1, "the lock is cut short: its last line is missing")]
        )


def _lock(rows: list[Row]) -> Lock:
    """The lock of what was read, with one row for what is there twice."""
    states: dict[str, list[LockEntry]] = defaultdict(list)
    types: dict[str, list[LockedNoteType]] = defaultdict(list)
    for row in rows:
        if isinstance(row, LockEntry):
            states[row.guid].append(row)
        elif isinstance(row, LockedNoteType):
            types[row.notetype].append(row)
    several = tuple(state for own in states.values() if len(own) > 1 for state in own)
    return Lock(
        tuple(own[0] if len(own) == 1 else newest_state(own) for own in states.values()),
        tuple(map(newest_type, types.values())),
        tuple(dict.fromkeys(row for row in rows if isinstance(row, LockedRelease))),
        tuple(dict.fromkeys(row for row in rows if isinstance(row, MadeFor))),
        several,
    )


def line_of(guid: str, text: str) -> int:
    """The line on which a note of the lock begins."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if f'"guid": "{guid}"' in line)


def _joined(
    rows: Iterable[tuple[int, dict[str, Any]]], file: str, problems: list[Problem]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries, those of notes put together from their two lines (one line in older locks). Lines that do not fit are added to `problems`.

    A further second line, right below, is what the other side of a merge made of the note.
    """
    opened: tuple[int, dict[str, Any]] | None = None
    complete, last = True, 0
    for number, row in (*rows, (0, {"end": True})):
        whole = row.keys() & {*READERS, "end"}
        if whole and opened and not complete:
            problems.append(_bad(file, opened[0], "the second line of this note is missing"))
        if row.keys() == _FIXED.keys():
            opened, complete = (number, row), False
        elif not whole and opened and number == last + 1:
            yield opened[0], {**opened[1], **row}
            complete = True
        elif not whole:
            problems.append(_bad(file, number, "the first line of this note is missing"))
        elif "end" not in row:
            yield number, row
            opened, complete = None, True
        last = number


def _noun(row: dict[str, Any]) -> str:
    return next(key for key in READERS if key in row)


def _rows(text: str, file: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() and number > 1:
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DeckError([_bad(file, number, f"the line is not JSON: {error.msg}", error.colno)]) from error
        except RecursionError as error:
            raise DeckError([_bad(file, number, "the line is nested too deeply")]) from error
        if not isinstance(row, dict):
            raise DeckError([_bad(file, number, "the line is not a JSON object")])
        yield number, row


def _bad(file: str, line: int, message: str, column: int = 1) -> Problem:
    return Problem(file, line, column, Severity.ERROR, "lock-line", message, "restore the lock from version control")


def _contradictions(found: Iterable[tuple[int, Row]], file: str) -> Iterator[Problem]:
    """Problems for rows that are there twice and contradict one another."""
    kinds: dict[str, str] = {}
    releases: dict[str, LockedRelease] = {}
    decks: set[str] = set()
    for number, row in found:
        if isinstance(row, LockEntry) and kinds.setdefault(row.guid, row.kind) != row.kind:
            yield _contradiction(
                file,
                number,
                f"the guid {row.guid} is there twice, for notes of two kinds",
                "remove the one that the notes no longer match",
            )
        if isinstance(row, LockedRelease) and releases.setdefault(row.release, row) != row:
            yield _contradiction(
                file,
                number,
                f"the release {row.release} is there twice, with two checksums",
                "keep the line whose checksum is that of the package people have",
            )
        if isinstance(row, MadeFor) and decks and row.deck not in decks:
            yield _contradiction(
                file, number, "the lock was made for two decks", "keep the line with the id of deck.toml"
            )
        decks |= {row.deck} if isinstance(row, MadeFor) else set()


def _contradiction(file: str, line: int, message: str, hint: str) -> Problem:
    return Problem(file, line, 1, Severity.ERROR, "lock-guid", message, hint)
