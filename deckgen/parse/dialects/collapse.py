"""Headings whose answers stand in collapse blocks, as Hexo's Shoka theme writes them: `+++info` … `+++`."""

from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.dialect import Detection, Dialect, Found, detected, line_start
from deckgen.parse.document import Document, Line
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.problems import Problem, Severity

_OPENER = lazy_pattern(r"\+\+\+[ \t]*(?:info|primary|success|warning|danger|default)[ \t]*$")
_CLOSER = lazy_pattern(r"\+\+\+[ \t]*$")


def detect(document: Document) -> Detection:
    """Three lines a note: heading, opener, closer. At least two notes."""
    lines = document.lines
    found = [i for i, line in enumerate(lines) if _opens(line) and (above := _above(lines, i)) and above.heading]
    return detected(len(found), 2, "+++ block below a heading", lines=3, things="+++ blocks below headings")


def read_notes(document: Document) -> Iterator[Found]:
    lines = document.lines
    asked: int | None = None
    levels = {heading.level for i in _questions(document) if (heading := lines[i].heading)}
    i = 0
    while i < len(lines):
        line = lines[i]
        if heading := line.heading:
            if asked is not None:
                yield _unanswered(document, asked)
            asked = i if heading.level in levels else None
        elif _opens(line):
            end = _closer(lines, i)
            if end is None:
                yield document.problem(
                    line.number,
                    "the block +++ is never closed",
                    code="block-unclosed",
                    hint="close it with a line +++ before the next question",
                )
            elif asked is None:
                yield document.problem(line.number, "the block has no question above it", code="question-missing")
            else:
                if stray := next((l for l in lines[asked + 1 : i] if not l.blank), None):
                    yield document.problem(
                        stray.number,
                        "text between a question and its block goes into no note",
                        code="text-outside",
                        severity=Severity.WARNING,
                    )
                yield _raw_note(document, asked, i, end)
                yield Markup(frozenset((i + 1, end + 1)))
            asked, i = None, i if end is None else end
        i += 1
    if asked is not None:
        yield _unanswered(document, asked)


def _questions(document: Document) -> Iterator[int]:
    """Indices of the headings that stand right above a block."""
    for i, line in enumerate(document.lines):
        if _opens(line) and (above := _above(document.lines, i)) and above.heading:
            yield above.number - 1


def _raw_note(document: Document, asked: int, opener: int, closer: int) -> RawNote:
    """The note of the heading at index `asked` and of the block between two other lines."""
    heading = document.lines[asked].heading
    assert heading is not None, "a question is a heading"
    question, attributes = question_text(heading.text, asked + 1, heading.column)
    return RawNote(question, attributes, document.text(opener + 1, closer - 1), document.section(asked, heading.level))


def _unanswered(document: Document, asked: int) -> Problem:
    return document.problem(
        asked + 1, "the question has no answer block below it", code="answer-missing", severity=Severity.WARNING
    )


def _opens(line: Line) -> bool:
    return line.open and bool(_OPENER.match(line.text))


def _above(lines: tuple[Line, ...], i: int) -> Line | None:
    return next((lines[k] for k in range(i - 1, -1, -1) if not lines[k].blank), None)


def _closer(lines: tuple[Line, ...], opener: int) -> int | None:
    """The index of the line that closes a block; None where another opens before it is closed."""
    for i in range(opener + 1, len(lines)):
        if lines[i].open and _CLOSER.match(lines[i].text):
            return i
        if _opens(lines[i]):
            return None
    return None


COLLAPSE = Dialect("collapse", "a heading, then +++info … +++", detect, read_notes, 2, sign=line_start(r"\+{3}"))
