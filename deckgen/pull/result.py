"""What a pull did with each note, and the problems that it reports."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

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


class NoteResult(Struct, frozen=True):
    """A note and what was done with it. `file` and `line` (1-based, 0 if it has none) are its place. `reasons` say what was not taken, and why."""

    outcome: Outcome
    proposal: Proposal
    file: str
    line: int
    question: str
    reasons: tuple[str, ...] = ()


class PullResult(Struct, frozen=True):
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


def _problems(note: NoteResult) -> Iterator[Problem]:
    place = (note.file, note.line, 1 if note.line else 0)
    hint = "write this edit into the note file, or undo it in Anki"
    if note.outcome is not Outcome.UNPLACED:
        # The other edits are in the file, so the next build updates the note, and Anki replaces all of it.
        hint = "write this edit into the note file before you import the next build, which replaces the note in Anki"
    for reason in note.reasons:
        yield Problem(*place, Severity.WARNING, "pull-unplaced", reason, hint)
    if note.outcome is Outcome.CONFLICT:
        message = "this note was edited here and in Anki at the same place"
        hint = "keep one of the two sides, or both, and delete the lines <<<<<<<, ======= and >>>>>>>"
        yield Problem(*place, Severity.ERROR, "pull-conflict", message, hint)
    if note.outcome is Outcome.MISSING:
        message = "this note is not in Anki any more"
        hint = "to retire it, delete it from the file; to bring it back, import the package again"
        yield Problem(*place, Severity.INFO, "pull-missing", message, hint)
    if note.outcome is Outcome.RETIRED:
        message = f"the note “{note.question}” is not in the files any more, and was edited in Anki"
        hint = "if it was removed by mistake, restore it from version control and pull again"
        yield Problem(*place, Severity.WARNING, "pull-retired", message, hint)
    if note.outcome is Outcome.UNKNOWN:
        message = "the note in Anki is older than the last build, and it is not known whether it was edited"
        hint = "name the package that was imported with --base PACKAGE"
        yield Problem(*place, Severity.WARNING, "pull-base", message, hint)
    if note.outcome is Outcome.OTHER_TYPE:
        message = "the note in Anki has another note type"
        hint = "Anki does not update it any more; change its note type back in Anki"
        yield Problem(*place, Severity.WARNING, "pull-type", message, hint)
