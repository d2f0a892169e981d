"""What became of a note file: the dialect and why, its notes, its questions without an answer, and what was left out."""

import glob
from collections.abc import Iterable

from msgspec import Struct

from deckgen.parse import Parsed
from deckgen.parse.definitions import definitions
from deckgen.parse.detect import Detected, detections
from deckgen.parse.left_out import Hidden, LeftOut, left_out
from deckgen.parse.nothing_found import Candidate, candidates

_UNANSWERED = ("answer-missing",)
_QUESTIONS = (*_UNANSWERED, "question-missed", "question-missing", "question-level", "question-underlined")


class FileReport(Struct, frozen=True):
    """One note file. `file` is its path as problems show it, `pattern` what names it alone in deck.toml.

    `dialect` is the one that it was read as, None if it was read as none; `why` is the reason for that. `runner_up` is the dialect that fits
    second best. `unanswered` are the lines (1-based) of questions without an answer. `candidates` are the dialects that would read
    notes from a file that gave none, the likeliest first.
    """

    file: str
    pattern: str
    dialect: str | None
    why: str
    runner_up: Detected | None
    notes: int
    unanswered: tuple[int, ...]
    left_out: tuple[LeftOut, ...]
    candidates: tuple[Candidate, ...]

    @property
    def missed_lines(self) -> int:
        """The number of lines with something that a learner would miss."""
        return len({each.line for each in self.left_out if each.missed})


def file_pattern(key: str) -> str:
    """The pattern of deck.toml that names one file, by its path in the deck."""
    return glob.escape(key) if "/" in key else f"/{glob.escape(key)}"


def file_report(file: str, parsed: Parsed, hidden: Iterable[Hidden] = ()) -> FileReport:
    """The report of a file that was read. `file` is its path as problems show it, `hidden` what cards do not show of the notes' texts."""
    document = parsed.document
    others = [each for each in parsed.detected if each.name != parsed.dialect and _counts(each)]
    questions = frozenset(each.line for each in parsed.problems if each.code in _QUESTIONS)
    unread = not parsed.notes and (parsed.dialect is not None or not parsed.chosen)
    return FileReport(
        file=file,
        pattern=file_pattern(document.key),
        dialect=parsed.dialect,
        why=parsed.chosen,
        runner_up=others[0] if others and not unread else None,
        notes=len(parsed.notes),
        unanswered=tuple(sorted({each.line for each in parsed.problems if each.code in _UNANSWERED})),
        left_out=left_out(document, parsed.notes, definitions(document), parsed.marks, questions, hidden),
        candidates=_others(parsed) if unread else (),
    )


def _others(parsed: Parsed) -> tuple[Candidate, ...]:
    """The dialects that would read notes from a file that gave none, besides the one that it was read as."""
    seen = parsed.detected or detections(parsed.document)
    return candidates(parsed.document, seen, named=parsed.dialect or "")


def _counts(other: Detected) -> bool:
    """Whether it says something of a file that it was seen in: a dialect for textbooks is seen in any file with headings."""
    return other.usable or not other.dialect.named_only
