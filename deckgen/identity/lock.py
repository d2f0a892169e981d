"""deck.lock: what the deck remembers of its notes. One JSON object a line, in reading order, so that it merges well."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

from deckgen.model import Kind
from deckgen.problems import DeckError, Problem, Severity

FILE = "deck.lock"
_VERSION = 1
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


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """One note type: the digest of its templates and look, and the second in which that last changed."""

    notetype: Kind
    digest: str
    mod: int


@dataclass(frozen=True, slots=True)
class Lock:
    notes: tuple[Entry, ...] = ()
    types: tuple[TypeEntry, ...] = field(default=())

    def type_of(self, kind: Kind) -> TypeEntry | None:
        return next((entry for entry in self.types if entry.notetype is kind), None)


def dump_lock(lock: Lock) -> str:
    """The text of the lock file."""
    rows: list[dict] = [{"deckgen-lock": _VERSION}]
    rows += [asdict(entry) for entry in lock.types]
    rows += [{key: value for key, value in asdict(entry).items() if value not in (None, {})} for entry in lock.notes]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def load_lock(text: str, file: str) -> Lock:
    """Read a lock; `file` is its path for problems. Raises DeckError for anything that is not a whole lock."""
    problems: list[Problem] = []
    notes: list[Entry] = []
    types: list[TypeEntry] = []
    if conflict := next((n for n, line in enumerate(text.split("\n"), 1) if _CONFLICT.match(line)), None):
        raise DeckError.at(file, "the lock holds a merge conflict", code="lock-conflict", line=conflict,
                           hint="keep the lines of both sides and remove the markers")
    for number, row in _rows(text, file):
        if number == 1:
            if row.get("deckgen-lock") != _VERSION:
                raise DeckError.at(file, f"not a lock that this deckgen can read: {row.get('deckgen-lock')!r}",
                                   code="lock-version", line=1, hint=f"it reads version {_VERSION}")
            continue
        try:
            if "notetype" in row:
                types.append(TypeEntry(Kind(row.pop("notetype")), **row))
            else:
                notes.append(_entry(row))
        except (TypeError, ValueError, KeyError) as error:
            problems.append(_bad(file, number, f"not an entry of a lock ({error})"))
    problems += _repeated(notes, text, file)
    if problems:
        raise DeckError(problems)
    return Lock(tuple(notes), tuple(types))


def _entry(row: dict) -> Entry:
    row = {"id": None, **row}
    wrong = [f.name for f in fields(Entry) if f.name not in ("id", "parts") and not isinstance(row.get(f.name), int if f.name == "mod" else str)]
    if wrong:
        raise ValueError(f"no {wrong[0]}")
    _check_parts(row.get("parts", {}))
    return Entry(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])})


def _check_parts(parts: object) -> None:
    """ValueError unless these are names with numbers of their own, from 1."""
    if not isinstance(parts, dict) or not all(type(number) is int and number > 0 for number in parts.values()):
        raise ValueError("parts are not names with numbers")
    if len(set(parts.values())) < len(parts):
        raise ValueError("two parts have the same number")


def _rows(text: str, file: str) -> Iterator[tuple[int, dict]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() and number > 1:
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DeckError([_bad(file, number, f"the line is not JSON: {error.msg}", error.colno)]) from error
        if not isinstance(row, dict):
            raise DeckError([_bad(file, number, "the line is not a JSON object")])
        yield number, row


def _bad(file: str, line: int, message: str, column: int = 1) -> Problem:
    return Problem(file, line, column, Severity.ERROR, "lock-line", message, "restore the lock from version control")


def _repeated(notes: Iterable[Entry], text: str, file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry in notes:
        if entry.guid in seen:
            lines = [n for n, line in enumerate(text.split("\n"), 1) if f'"guid": {json.dumps(entry.guid)}' in line]
            yield Problem(file, lines[-1] if lines else 1, 1, Severity.ERROR, "lock-guid",
                          f"the guid {entry.guid} stands twice", "remove the line that the notes no longer match")
        seen.add(entry.guid)
