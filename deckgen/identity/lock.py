"""Read and write deck.lock: the identity of the notes of a deck, in reading order.

A note takes three lines: its guid and kind, which never change, all other values, and an empty line. Between two lines that
change there is always a line that does not change. So git merges changes of two neighbouring notes without a conflict.
If two branches add notes at the same place, `deck.lock merge=union` in .gitattributes keeps both.
Each row has a checksum (`checksum.py`). The last line of a lock is always the same. A lock without it is incomplete.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from msgspec.structs import fields, replace

from deckgen.identity.checksum import KEY, checksum, require_checksum
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
    entry_of,
)
from deckgen.identity.states import newest_state, newest_type
from deckgen.lazy_patterns import lazy_pattern
from deckgen.problems import DeckError, Problem, Severity

__all__ = [
    "FILE",
    "Lock",
    "LockEntry",
    "LockedNoteType",
    "LockedRelease",
    "MadeFor",
    "State",
    "dump_head",
    "dump_lock",
    "entry_lines",
    "line_of",
    "load_lock",
    "load_written",
    "lock_bytes",
]

FILE = "deck.lock"
# Locks of version 1 have no last line. Locks of version 2 have no id and name of the deck, and no detected dialects.
# Locks of version 3 have no checksums.
_VERSION, _OLDEST = 4, 1
_HEAD = "deckgen-lock"
_END = {_HEAD: "end"}
_FIXED = {"guid": None, "kind": None}  # the keys of a note's first line, in their order
_encode = json.JSONEncoder(ensure_ascii=False).encode
_CONFLICT = lazy_pattern(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")


def dump_lock(lock: Lock) -> str:
    """The text of the lock file."""
    return lock_bytes(lock).decode()


def lock_bytes(lock: Lock) -> bytes:
    """The content of the lock file. Entries that did not change since it was read keep their lines."""
    return b"".join([dump_head(lock).encode(), *entry_lines(lock), _line(_END).encode(), b"\n"])


def dump_head(lock: Lock) -> str:
    """The text of the lock file above the entries of notes."""
    head = [{_HEAD: _VERSION}, *(_row(row) for rows in (lock.made_for, lock.types, lock.releases) for row in rows)]
    return "".join([*(_line(row) + "\n" for row in head), "\n"])


def with_lines(lock: Lock) -> Lock:
    """The lock with the lines of all its entries, so that they are made only once."""
    lines = {entry.guid: (entry, own) for entry, own in zip(lock.notes, entry_lines(lock))}
    return replace(lock, lines={**lock.lines, **lines})


def entry_lines(lock: Lock) -> list[bytes]:
    """The lines of each entry as UTF-8, in their order."""
    notes: list[bytes] = []
    for entry in lock.notes:
        known = lock.lines.get(entry.guid)
        notes.append(known[1] if known and known[0] == entry else _dump_entry(entry))
    return notes


def _row(entry: Row) -> dict[str, Any]:
    """The row with its checksum. Values that are None or empty mappings are left out."""
    kind: Any = type(entry)
    values = ((key, getattr(entry, name)) for name, key in _keys(kind))
    row = {key: value for key, value in values if value not in (None, {})}
    return {**row, KEY: checksum(row)}


@cache
def _keys(kind: Any) -> tuple[tuple[str, str], ...]:
    """The names of the fields of a class of rows, and their keys in the file."""
    return tuple((each.name, FILE_KEYS.get(each.name, each.name)) for each in fields(kind))


def _dump_entry(entry: LockEntry) -> bytes:
    row = _row(entry)
    parts = {key: row.pop(key) for key in _FIXED}, row
    return ("".join(_line(part) + "\n" for part in parts) + "\n").encode()


def _line(row: dict[str, Any]) -> str:
    return _encode(row)


def load_lock(text: str, file: str) -> Lock:
    """The lock of a text. `file` is its path, for problems. Raises DeckError if the text is not a complete lock.

    A merge may keep the lines of both sides. Then first lines, note types and releases may occur twice, and a note may have several states.
    """
    if conflict := next((n for n, line in enumerate(text.split("\n"), 1) if _CONFLICT.match(line)), None):
        raise DeckError.at(
            file,
            "the lock has the marks of a merge conflict",
            code="lock-conflict",
            line=conflict,
            hint="keep the lines of both sides and delete the lines with the marks; the next build merges lines that occur twice",
        )
    rows = list(_rows(text, file))
    _check_complete(rows, text, file)
    problems: list[Problem] = []
    found: list[tuple[int, Row]] = []
    for number, row in _with_joined_lines(
        [(number, row) for number, row in rows if row.keys() != {_HEAD}], file, problems
    ):
        try:
            found.append((number, _read_row(row)))
        except ValueError as error:
            problems.append(_line_problem(file, number, f"not an entry of a lock ({error})"))
    problems += _contradictions(found, file)
    if problems:
        raise DeckError(problems)
    return _lock([row for _, row in found])


def load_written(text: str) -> Lock:
    """The lock of a text that `dump_lock` of this version of deckgen returned. It is not validated again."""
    head, _, body = text.partition("\n\n")
    *written, _ = body.split("\n\n")
    rows = json.loads(f"[{','.join(_one_line(each) for each in written)}]")
    for row in rows:
        del row[KEY]
    notes = [entry_of(row) for row in rows]
    lines = {entry.guid: (entry, f"{each}\n\n".encode()) for entry, each in zip(notes, written)}
    others = [_read_row(json.loads(line)) for line in head.split("\n")[1:]]
    return replace(_lock([*others, *notes]), lines=lines)


def _one_line(lines: str) -> str:
    """The two lines of an entry as one JSON object."""
    fixed, _, others = lines.partition("\n")
    return f"{fixed[:-1]}, {others[1:]}"


def _check_complete(rows: list[tuple[int, dict[str, Any]]], text: str, file: str) -> None:
    """Raise DeckError if the first or last line of a lock is missing. After a merge there may be two first lines."""
    versions = [(number, row[_HEAD]) for number, row in rows if row.keys() == {_HEAD} and row != _END]
    if not versions or versions[0][0] != rows[0][0]:
        raise DeckError.at(
            file,
            f"the first line has no version of a lock: {rows[0][1].get(_HEAD)!r}",
            code="lock-version",
            line=1,
            hint="restore the lock from version control",
        )
    for number, version in versions:
        if type(version) is not int or not _OLDEST <= version <= _VERSION:
            raise DeckError.at(
                file,
                f"this deckgen cannot read a lock of version {version!r}",
                code="lock-version",
                line=number,
                hint=f"it reads versions up to {_VERSION}; use a newer deckgen",
            )
    if max(version for _, version in versions) > _OLDEST and _END not in (row for _, row in rows):
        raise DeckError(
            [_line_problem(file, text.rstrip("\n").count("\n") + 1, "the lock is incomplete: its last line is missing")]
        )


def _lock(rows: list[Row]) -> Lock:
    """The lock of these rows. Rows that occur twice are merged into one."""
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
    """The 1-based line of the lock on which a note begins. The lock has a note with this guid."""
    written = f'"guid": {json.dumps(guid, ensure_ascii=False)}'
    return next(number for number, line in enumerate(text.split("\n"), 1) if written in line)


def _with_joined_lines(
    rows: Iterable[tuple[int, dict[str, Any]]], file: str, problems: list[Problem]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with its 1-based line. The two lines of a note become one row. Older locks have one line for a note.

    Lines that do not belong together are added to `problems`. After a merge a note may have two second lines. Each gives a row.
    """
    opened: tuple[int, dict[str, Any]] | None = None
    complete, last = True, 0
    for number, row in (*rows, (0, {"end": True})):
        whole = row.keys() & {*READERS, "end"}
        if whole and opened and not complete:
            problems.append(_line_problem(file, opened[0], "the second line of this note is missing"))
        if row.keys() == _FIXED.keys():
            opened, complete = (number, row), False
        elif not whole and opened and number == last + 1:
            yield opened[0], {**opened[1], **row}
            complete = True
        elif not whole:
            problems.append(_line_problem(file, number, "the first line of this note is missing"))
        elif "end" not in row:
            yield number, row
            opened, complete = None, True
        last = number


def _read_row(row: dict[str, Any]) -> Row:
    """The row as data. Raises ValueError if a value or the checksum is wrong."""
    read = READERS[next(key for key in READERS if key in row)]
    found = read({key: value for key, value in row.items() if key != KEY})
    require_checksum(row)
    return found


def _rows(text: str, file: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() and number > 1:
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DeckError([_line_problem(file, number, f"the line is not JSON: {error.msg}", error.colno)]) from error
        except RecursionError as error:
            raise DeckError([_line_problem(file, number, "the line is nested too deeply")]) from error
        except ValueError as error:
            raise DeckError([_line_problem(file, number, "the line has a number with too many digits")]) from error
        if not isinstance(row, dict):
            raise DeckError([_line_problem(file, number, "the line is not a JSON object")])
        yield number, row


def _line_problem(file: str, line: int, message: str, column: int = 1) -> Problem:
    return Problem(file, line, column, Severity.ERROR, "lock-line", message, "restore the lock from version control")


def _contradictions(found: Iterable[tuple[int, Row]], file: str) -> Iterator[Problem]:
    """Yield a problem for each row that contradicts an earlier row."""
    kinds: dict[str, str] = {}
    releases: dict[str, LockedRelease] = {}
    decks: set[str] = set()
    for number, row in found:
        if isinstance(row, LockEntry) and kinds.setdefault(row.guid, row.kind) != row.kind:
            yield _contradiction(
                file,
                number,
                f"the guid {row.guid} occurs twice, for notes of two kinds",
                "remove the note that is no longer in the note files",
            )
        if isinstance(row, LockedRelease) and releases.setdefault(row.release, row) != row:
            yield _contradiction(
                file,
                number,
                f"the release {row.release} occurs twice, with two checksums",
                "keep the line with the checksum of the package that you shared",
            )
        if isinstance(row, MadeFor) and decks and row.deck not in decks:
            yield _contradiction(
                file, number, "the lock has the ids of two decks", "keep the line with the id of deck.toml"
            )
        decks |= {row.deck} if isinstance(row, MadeFor) else set()


def _contradiction(file: str, line: int, message: str, hint: str) -> Problem:
    return Problem(file, line, 1, Severity.ERROR, "lock-guid", message, hint)
