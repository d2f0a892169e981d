"""What stands in a note file and in no note of it: reported at its line, so that nothing is passed over in silence."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.back_links import leads_back
from deckgen.parse.clozes import has_clozes, question_cloze_problems
from deckgen.parse.definitions import Definitions
from deckgen.parse.dialects import Dialect
from deckgen.parse.dialects.bold import asks_in_bold, question_style
from deckgen.parse.document import Document, Heading, Line
from deckgen.parse.question import RawNote, has_question_label, is_question
from deckgen.parse.underlined import is_underlined_question
from deckgen.problems import Problem, Severity
from deckgen.scan import SpanKind

_DEEPEST = 6
# Rules and breaks, places for a table of contents, tags alone, blocks of site generators.
_NUMBERED = lazy_pattern(r" {0,3}Q\d+(?:[．、:：]|\.(?!\d))[ \t]*\S")
_QUOTED = lazy_pattern(r" {0,3}>[ \t]*(?:\*\*)?Q\d*[:：][ \t]*\S")
_LAYOUT = lazy_pattern(r"[\W_]*|\[+_?toc_?\]+|(?:</?[a-zA-Z][^<>]*>\s*)+|\{%.*%\}", re.I)


def unused_text_problems(
    document: Document,
    dialect: Dialect,
    raw_notes: Sequence[RawNote],
    known: Definitions,
    marks: Set[int],
    reported: Set[int],
) -> Iterator[Problem]:
    """A problem for each line that reads as a question and is none, and for each stretch of other text that is in no note.

    `known` are the file's definitions, `marks` the numbers of the lines that only mark notes, `reported` of those that have a problem
    already. A question that no note has explains the text below it.
    """
    walk = _Walk(document, dialect, raw_notes, marks, reported)
    for i, line in enumerate(document.lines):
        if line.number in walk.covered:
            yield from walk.inside(i)
        elif line.heading:
            yield from walk.heading(i, line.heading)
        elif line.number not in known.lines and not is_layout(document, line):
            yield from walk.text(i)


class _Walk:
    """The lines behind decide: `explained` is whether text here belongs to what was reported, `level` that of the heading that was."""

    def __init__(
        self, document: Document, dialect: Dialect, raw_notes: Sequence[RawNote], marks: Set[int], reported: Set[int]
    ):
        self.document = document
        self.dialect = dialect
        self.reported = reported
        self.starts = sorted(raw_note.question.line for raw_note in raw_notes)
        self.covered = {number for raw_note in raw_notes for number in raw_note.lines} | marks
        # A file in which no question was found, and which has a problem for that: it explains all text.
        self.explained = bool(reported) and not raw_notes
        self.level = 0 if self.explained else _DEEPEST + 1

    def inside(self, i: int) -> Iterator[Problem]:
        """A line of a note. Headings and bold lines that ask are usual in answers; a number makes a question of them."""
        self.explained, self.level = False, _DEEPEST + 1
        line = self.document.lines[i]
        bold = self.dialect.name != "bold" and question_style(self.document, i) == "labelled"
        heading = self.dialect.name != "heading" and line.heading and has_question_label(line.heading.text)
        plain = line.open and (
            _NUMBERED.match(line.text) or (self.dialect.name == "labels" and _QUOTED.match(line.text))
        )
        if (bold or heading or plain) and line.number not in self.reported and line.number not in self.starts:
            yield self._missed(i, "this reads as a question, and is part of the answer above")

    def heading(self, i: int, heading: Heading) -> Iterator[Problem]:
        if heading.level <= self.level:
            self.explained, self.level = False, _DEEPEST + 1
        yield from question_cloze_problems(self.document, Text(heading.text, i + 1, heading.column))
        below = self._below(i)
        reported = i + 1 in self.reported or (below is not None and not below.heading and below.number in self.reported)
        if not reported and is_question(heading.text) and not self._is_section(i, heading, below):
            yield self._missed(i, "this reads as a question, and is in no note")
            reported = True
        if reported:
            self.explained, self.level = True, min(self.level, heading.level)

    def text(self, i: int) -> Iterator[Problem]:
        document, line = self.document, self.document.lines[i]
        if line.number in self.reported:
            self.explained = True
        elif line.open and (
            asks_in_bold(document, i) or is_underlined_question(document, i) or has_question_label(line.text)
        ):
            self.explained = True
            yield self._missed(i, "this reads as a question, and is in no note")
        elif line.open and has_clozes(line.text):
            self.explained = True
            yield document.problem(
                line.number,
                "a cloze in no note",
                code="text-outside",
                severity=Severity.WARNING,
                hint="a cloze stands in the answer to a question",
            )
        elif not self.explained:
            self.explained = True
            yield document.problem(
                line.number,
                "this text is in no note",
                code="text-outside",
                severity=Severity.INFO,
                hint="an answer stands below its question",
            )

    def _below(self, i: int) -> Line | None:
        """The first line below the one at index `i` that is a heading or shows something."""
        lines = self.document.lines
        return next(
            (lines[k] for k in range(i + 1, len(lines)) if lines[k].heading or not is_layout(self.document, lines[k])),
            None,
        )

    def _is_section(self, i: int, heading: Heading, below: Line | None) -> bool:
        """Whether a heading that asks leads to notes below it, and nothing answers it itself."""
        document = self.document
        following = (
            index + 1
            for index, other in document.headings[document.headings_from(i) + 1 :]
            if other.level <= heading.level
        )
        end = next(following, len(document.lines) + 1)
        leads = bisect_right(self.starts, i + 1) < bisect_left(self.starts, end)
        return leads and below is not None and (below.heading is not None or below.number in self.covered)

    def _missed(self, i: int, message: str) -> Problem:
        return self.document.problem(
            i + 1,
            message,
            code="question-missed",
            severity=Severity.WARNING,
            hint=f"here a question is written so: {self.dialect.looks}",
        )


def is_layout(document: Document, line: Line) -> bool:
    """Whether a line shows nothing that could be learned."""
    if line.blank or _LAYOUT.fullmatch(line.text.strip()) or leads_back(line.text):
        return True
    span = document.scan.covering(line.start + len(line.text) - len(line.text.lstrip()))
    return span is not None and span.kind in (SpanKind.FRONT_MATTER, SpanKind.COMMENT)
