"""Lines `#question` and `#answer` above what they name."""

import re
from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.block_notes import unanswered
from deckgen.parse.dialect import Detection, Dialect, Found, detected, line_start
from deckgen.parse.document import Document
from deckgen.parse.fronts import Front, paragraph_front
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.parse.texts import cut_lines
from deckgen.problems import Severity

_TAG = lazy_pattern(r"[ \t]*`?#(?P<name>question|answer|frage|antwort|问题|答案|q|a)`?(?![\w/-])[:：]?[ \t]*", re.I)
_ASKS = ("question", "frage", "问题", "q")
FEWEST = 2


def detect(document: Document) -> Detection:
    """How many lines begin with `#question` and are followed by one with `#answer`."""
    return detected(
        sum(answer is not None for _, answer, _ in _notes(document)), FEWEST, "pair of #question and #answer", lines=2,
        things="pairs of #question and #answer", marked=True,
    )  # fmt: skip


def read_notes(document: Document) -> Iterator[Found]:
    for asked, answered, end in _notes(document):
        if answered is None:
            yield unanswered(document, asked + 1)
            continue
        column = _column(document, answered)
        alone = not document.lines[answered].text[column:].strip()
        answer = cut_lines(document, answered + alone, end - 1, column=0 if alone else column)
        front, marks = _front(document, asked, answered)
        yield Markup(marks | (frozenset((answered + 1,)) if alone else frozenset()))
        if front is None:
            message = "the question is empty"
            yield document.problem(asked + 1, message, code="question-missing", severity=Severity.WARNING)
        elif not answer.source:
            yield unanswered(document, asked + 1)
        else:
            section = document.section(asked, front.level)
            yield RawNote(front.question, front.attributes, answer, section, given=front.given)


def _front(document: Document, asked: int, answered: int) -> tuple[Front | None, frozenset[int]]:
    """The question between two tags, on the line of the first or below it, and the line that only has the tag."""
    column = _column(document, asked)
    text = document.lines[asked].text[column:]
    if not text.strip():
        front = paragraph_front(document, asked + 1, answered)
        return front, frozenset((asked + 1,)) | (front.marks if front else frozenset())
    question, attributes = question_text(text, asked + 1, column + 1)
    given = cut_lines(document, asked + 1, answered - 1)
    return Front(question, attributes, (given,) if given.source else ()), frozenset()


def _notes(document: Document) -> Iterator[tuple[int, int | None, int]]:
    """The index of each question's tag, of its answer's, and that behind the last line of the answer."""
    tags = [
        (i, match["name"].lower() in _ASKS)
        for i, line in enumerate(document.lines)
        if line.open and (match := _TAG.match(line.text))
    ]
    for n, (i, asks) in enumerate(tags):
        if not asks:
            continue
        answered = tags[n + 1][0] if n + 1 < len(tags) and not tags[n + 1][1] else None
        yield i, answered, _end(document, i if answered is None else answered)


def _end(document: Document, first: int) -> int:
    for i in range(first + 1, len(document.lines)):
        line = document.lines[i]
        if line.heading or document.is_thematic_break(i) or (line.open and _TAG.match(line.text)):
            return i
    return len(document.lines)


def _column(document: Document, index: int) -> int:
    match = _TAG.match(document.lines[index].text)
    return match.end() if match else 0


QUESTION_TAGS = Dialect(
    "question-tags",
    "#question above the question, #answer above the answer",
    detect,
    read_notes,
    FEWEST,
    sign=line_start(r"[ \t]*`?#[^#\s]"),
)
