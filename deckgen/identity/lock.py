"""deck.lock: what the deck remembers of its notes, in reading order.

A note is a line that never changes (its guid and kind), a line that does, and an empty line. So git merges what two branches
did to neighbours: between two lines that change there is always one that does not. (Where both put notes into the same
place, `deck.lock merge=union` in .gitattributes keeps both.) The last line never changes either: a lock without it was cut.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

from deckgen.model import Kind
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import is_version

FILE = "deck.lock"
# Locks of version 1 had no last line.
_VERSION, _OLDEST = 2, 1
_END = {"deckgen-lock": "end"}
_FIXED = {"guid": None, "kind": None}  # The keys of a note's first line, in their order.
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")


class State(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Entry:
    """One note, as of the last build.

    `asked` and `answered` are digests of the source of question and answer, `sketch` lets two answers be compared
    without their text; `fields` is the digest of what the package holds of the note, and `mod` the second (Unix time)
    in which that last changed. `parts` are the numbers of all cards that an image-occlusion note ever had, by name.
    `inputs` are digests of what the fields were made from, by the reason (`changes.Reason`) that a build gives when one of them differs;
    there are none in entries that older versions of deckgen wrote.
    """

    guid: str
    kind: Kind
    id: str | None
    file: str
    question: str
    asked: str
    answered: str
    sketch: str
    fields: str
    mod: int
    state: State
    parts: Mapping[str, int] = field(default_factory=dict, hash=False)
    inputs: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """One note type: the digest of its templates and look, and the second in which that last changed."""

    notetype: Kind
    digest: str
    mod: int


@dataclass(frozen=True, slots=True)
class Release:
    """A package that people have: its version, the second (Unix time) in which its changes were stamped, its SHA-256.

    `cleanup` is the SHA-256 of the package with the retired notes, where there is one.
    """

    release: str
    time: int
    sha256: str
    cleanup: str | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """`releases` are in the order in which they were made."""

    notes: tuple[Entry, ...] = ()
    types: tuple[TypeEntry, ...] = field(default=())
    releases: tuple[Release, ...] = field(default=())

    def type_of(self, kind: Kind) -> TypeEntry | None:
        return next((entry for entry in self.types if entry.notetype is kind), None)


def dump_lock(lock: Lock) -> str:
    """The text of the lock file."""
    head = [{"deckgen-lock": _VERSION}, *map(_row, lock.types), *map(_row, lock.releases)]
    return "".join(_line(row) + "\n" for row in head) + "\n" + "".join(map(_dump_entry, lock.notes)) + _line(_END) + "\n"


def _row(entry: Entry | TypeEntry | Release) -> dict:
    return {key: value for key, value in asdict(entry).items() if value not in (None, {})}


def _dump_entry(entry: Entry) -> str:
    row = _row(entry)
    return "".join(_line(part) + "\n" for part in ({key: row.pop(key) for key in _FIXED}, row)) + "\n"


def _line(row: dict) -> str:
    return json.dumps(row, ensure_ascii=False)


def load_lock(text: str, file: str) -> Lock:
    """Read a lock; `file` is its path for problems. Raises DeckError for anything that is not a whole lock."""
    if conflict := next((n for n, line in enumerate(text.split("\n"), 1) if _CONFLICT.match(line)), None):
        raise DeckError.at(file, "the lock holds a merge conflict", code="lock-conflict", line=conflict,
                           hint="keep the lines of both sides and remove the markers")
    first, *rows = list(_rows(text, file))
    if (version := first[1].get("deckgen-lock")) not in range(_OLDEST, _VERSION + 1):
        raise DeckError.at(file, f"not a lock that this deckgen can read: {version!r}", code="lock-version", line=1,
                           hint=f"it reads versions up to {_VERSION}")
    if version != _OLDEST and _END not in (row for _, row in rows):
        raise DeckError([_bad(file, text.rstrip("\n").count("\n") + 1, "the lock is cut short: its last line is missing")])
    rows = [(number, row) for number, row in rows if row != _END]
    problems: list[Problem] = []
    found: list[tuple[int, Entry | TypeEntry | Release]] = []
    for number, row in _joined(rows, file, problems):
        try:
            found.append((number, _READERS[_noun(row)](row)))
        except (TypeError, ValueError, KeyError) as error:
            problems.append(_bad(file, number, f"not an entry of a lock ({error})"))
    problems += _repeated(found, file)
    if problems:
        raise DeckError(problems)
    return Lock(*(tuple(entry for _, entry in found if isinstance(entry, noun)) for noun in (Entry, TypeEntry, Release)))


def line_of(guid: str, text: str) -> int:
    """The line on which a note of the lock begins."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if f'"guid": "{guid}"' in line)


def _joined(rows: Iterable[tuple[int, dict]], file: str, problems: list[Problem]) -> Iterator[tuple[int, dict]]:
    """The entries, those of notes put together from their two lines (one, in locks of old); what does not fit is a problem."""
    opened: tuple[int, dict] | None = None
    for number, row in (*rows, (0, {"end": True})):
        whole = row.keys() & {*_READERS, "end"}
        if opened and whole:
            problems.append(_bad(file, opened[0], "the second line of this note is missing"))
        if row.keys() == _FIXED.keys():
            opened = number, row
        elif opened and not whole:
            yield opened[0], {**opened[1], **row}
            opened = None
        elif not whole:
            problems.append(Problem(file, number, 1, Severity.ERROR, "lock-guid", "a second state of the note above",
                                    "keep either line; the next build corrects it"))
        elif "end" not in row:
            yield number, row
            opened = None


def _type_entry(row: dict) -> TypeEntry:
    entry = TypeEntry(Kind(row.pop("notetype")), **row)
    if type(entry.mod) is not int or not isinstance(entry.digest, str):
        raise ValueError("no mod" if type(entry.mod) is not int else "no digest")
    return entry


def _release(row: dict) -> Release:
    release = Release(**row)
    if type(release.time) is not int or not 0 < release.time < 2**32:
        raise ValueError("no time")
    if not all(isinstance(text, str) for text in (release.sha256, release.cleanup or "")):
        raise ValueError("no checksum")
    if not isinstance(release.release, str) or not is_version(release.release):
        raise ValueError("no version")
    return release


def _entry(row: dict) -> Entry:
    row = {"id": None, **row}
    wrong = [f.name for f in fields(Entry) if f.name not in ("id", "parts", "inputs") and not isinstance(row.get(f.name), int if f.name == "mod" else str)]
    if wrong:
        raise ValueError(f"no {wrong[0]}")
    _check_parts(row.get("parts", {}))
    _check_inputs(row.get("inputs", {}))
    return Entry(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])})


# The key that tells what an entry is of → its reader.
_READERS = {"guid": _entry, "notetype": _type_entry, "release": _release}


def _noun(row: dict) -> str:
    return next(key for key in _READERS if key in row)


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


def _rows(text: str, file: str) -> Iterator[tuple[int, dict]]:
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


# What stands once in a lock: its name for people, and what to do where it stands twice.
_ONCE = {
    Entry: ("the guid {0.guid}", "remove the one that the notes no longer match"),
    TypeEntry: ("the note type {0.notetype}", "keep the line with the later mod"),
    Release: ("the release {0.release}", "keep the line whose checksum is that of the package people have"),
}


def _repeated(found: Iterable[tuple[int, Entry | TypeEntry | Release]], file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, entry in found:
        pattern, hint = _ONCE[type(entry)]
        name = pattern.format(entry)
        if name in seen:
            yield Problem(file, number, 1, Severity.ERROR, "lock-guid", f"{name} stands twice", hint)
        seen.add(name)
