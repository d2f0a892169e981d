"""Questions as headings of one level; higher headings are sections, deeper ones belong to the answer."""

import re
from collections import Counter
from collections.abc import Iterator

from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document
from deckgen.parse.question import RawNote, is_question, question_text, split_attributes
from deckgen.problems import Problem, Severity

_UNDERLINE = re.compile(r" {0,3}(?:-{2,}|={2,})[ \t]*$")


def detect(document: Document) -> Detection:
    """How many headings of the level ask; they are to be several or all of that level, or one has an id."""
    level = _level(document)
    if level is None:
        return Detection()
    headings = [heading for _, heading in document.headings if heading.level == level]
    asking = sum(is_question(heading.text) for heading in headings)
    named = any(split_attributes(heading.text)[1].id for heading in headings)
    enough = named or asking == len(headings) or (asking > 1 and 4 * asking >= len(headings))
    reason = f"{counted(asking, 'heading')} of level {level} that {'asks' if asking == 1 else 'ask'}"
    return Detection(asking, reason, "" if enough else f"of {len(headings)} on that level it takes a fourth, and two")


def read_notes(document: Document) -> Iterator[Found]:
    level = document.level or _level(document)
    if level is None:
        yield document.problem(
            1,
            "no heading reads as a question",
            code="heading-level",
            hint="set level (1 to 6) under deckgen: in the front matter, or in deck.toml",
        )
        return
    yield from _misplaced_questions(document, level)
    stops = [(i, heading) for i, heading in document.headings if heading.level <= level]
    for n, (i, heading) in enumerate(stops):
        end = stops[n + 1][0] if n + 1 < len(stops) else len(document.lines)
        if heading.level < level:
            if is_question(heading.text) and document.text(i + 1, end - 1).source:
                yield _on_another_level(document, i, level)
            continue
        yield from _underlined(document, i + 1, end)
        question, attributes = question_text(heading.text, i + 1, heading.column)
        yield RawNote(question, attributes, document.text(i + 1, end - 1), document.section(i, level))


def _misplaced_questions(document: Document, level: int) -> Iterator[Problem]:
    """Questions below the level that stand in no answer: before the first note, or under a section."""
    in_answer = False
    for i, heading in document.headings:
        if heading.level <= level:
            in_answer = heading.level == level
        elif not in_answer and is_question(heading.text):
            yield _on_another_level(document, i, level)


def _on_another_level(document: Document, index: int, level: int) -> Problem:
    return document.problem(
        index + 1,
        f"a question on another level than the others ({level}) is in no note",
        code="question-level",
        severity=Severity.WARNING,
        hint=f"give it {level} number sign{'s' if level > 1 else ''}",
    )


def _underlined(document: Document, first: int, last: int) -> Iterator[Problem]:
    """Questions among some lines that are headings by a line of signs below them."""
    for i in range(first, last):
        if is_underlined_question(document, i):
            yield document.problem(
                i + 1,
                "a question as an underlined heading is in no note of its own",
                code="question-underlined",
                severity=Severity.WARNING,
                hint="write ## before it instead",
            )


def is_underlined_question(document: Document, i: int) -> bool:
    """Whether the line at index `i` is a heading that asks, by a line of signs below it."""
    line, below = document.lines[i], next(iter(document.lines[i + 1 : i + 2]), None)
    return (
        below is not None and line.open and below.open and bool(_UNDERLINE.match(below.text)) and is_question(line.text)
    )


def _level(document: Document) -> int | None:
    """The level on which most headings ask; the higher of two alike, since answers have headings too."""
    asking = Counter(heading.level for _, heading in document.headings if is_question(heading.text))
    return min(asking, key=lambda level: (-asking[level], level), default=None)


HEADING = Dialect("heading", "## question, then the answer", detect, read_notes)
