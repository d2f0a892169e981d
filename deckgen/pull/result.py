"""What a pull did with each note, and the problems that it reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from deckgen.problems import Problem, Severity
from deckgen.pull.proposals import Proposal


class Outcome(StrEnum):
    """What a pull did with a note."""

    EDITED = "edited"
    MERGED = "merged"
    CONFLICT = "conflict"
    UNPLACED = "unplaced"
    SKIPPED = "skipped"
    NEW = "new"
    MISSING = "missing"
    RETIRED = "retired"
    UNKNOWN = "unknown"
    OTHER_TYPE = "other-type"


@dataclass(frozen=True, slots=True)
class NoteResult:
    """A note and what was done with it. `file` and `line` (1-based, 0 if it has none) are its place. `reasons` say what was not taken, and why."""

    outcome: Outcome
    proposal: Proposal
    file: str
    line: int
    question: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PullResult:
    """The result of a pull. `files` maps the paths of files that change to their new contents. `same` and `old` count other notes."""

    name: str
    notes: tuple[NoteResult, ...]
    files: Mapping[Path, bytes]
    same: int
    old: int

    @property
    def problems(self) -> list[Problem]:
        """What the author has to look at, in the order of places."""
        return sorted(problem for note in self.notes for problem in _problems(note))


def _problems(note: NoteResult) -> list[Problem]:
    rows = [(Severity.WARNING, "pull-unplaced", reason, _EDIT_HINT) for reason in note.reasons]
    if note.outcome in _ROWS:
        rows.append(_ROWS[note.outcome])
    return [Problem(note.file, note.line, 1 if note.line else 0, *row) for row in rows]


_EDIT_HINT = "write this edit into the note file, or undo it in Anki"
_ROWS: Mapping[Outcome, tuple[Severity, str, str, str]] = {
    Outcome.CONFLICT: (
        Severity.ERROR,
        "pull-conflict",
        "this text was edited here and in Anki",
        "keep one of the two sides, or both, and delete the lines <<<<<<<, ======= and >>>>>>>",
    ),
    Outcome.MISSING: (
        Severity.INFO,
        "pull-missing",
        "this note is not in Anki any more",
        "to retire it, delete it from the file; to bring it back, import the package again",
    ),
    Outcome.RETIRED: (
        Severity.WARNING,
        "pull-retired",
        "a note that the files do not have any more was edited in Anki",
        "if it was removed by mistake, restore it from version control and pull again",
    ),
    Outcome.UNKNOWN: (
        Severity.WARNING,
        "pull-base",
        "the note in Anki is older than the last build, and it is not known whether it was edited",
        "name the package that was imported with --base PACKAGE",
    ),
    Outcome.OTHER_TYPE: (
        Severity.WARNING,
        "pull-type",
        "the note in Anki has another note type",
        "Anki does not update it any more; change its note type back in Anki",
    ),
}
