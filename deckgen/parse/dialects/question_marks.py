"""A line `???` between question and answer, and a rule or a heading between notes."""

from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.block_notes import unanswered
from deckgen.parse.dialect import Detection, Dialect, Found, counted, line_start
from deckgen.parse.document import Document
from deckgen.parse.fronts import Front, front_above
from deckgen.parse.question import Markup, RawNote, is_question
from deckgen.parse.texts import cut_lines
from deckgen.problems import Severity

_SIGN = lazy_pattern(r"[ \t]*\?\?\?[ \t]*$")
FEWEST = 2


def detect(document: Document) -> Detection:
    """How many lines are `???` and nothing else, with a question above. Slides have such lines before what the speaker says."""
    signs = _signs(document)
    if not signs:
        return Detection()
    asking = sum(front is not None and _asks(front) for front in _fronts(document))
    reason = counted(len(signs), "line that is only ???", "lines that are only ???")
    if 2 * asking < len(signs):
        return Detection(
            len(signs), reason, f"{asking} of {len(signs)} have a question above, and it takes half", marked=True
        )
    return Detection(2 * len(signs), reason, "" if len(signs) >= FEWEST else f"it takes {FEWEST}", marked=True)


def read_notes(document: Document) -> Iterator[Found]:
    for i, front in zip(_signs(document), _fronts(document)):
        yield Markup(frozenset((i + 1,)) | (front.marks if front else frozenset()))
        answer = cut_lines(document, i + 1, _end(document, i) - 1)
        if front is None:
            message = "the line ??? has no question above it"
            yield document.problem(i + 1, message, code="question-missing", severity=Severity.WARNING)
        elif not answer.source:
            yield unanswered(document, front.question.line)
        else:
            section = document.section(front.question.line - 1, front.level)
            yield RawNote(front.question, front.attributes, answer, section, given=front.given)


def _signs(document: Document) -> list[int]:
    return [i for i, line in enumerate(document.lines) if line.open and _SIGN.match(line.text)]


def _fronts(document: Document) -> Iterator[Front | None]:
    floor = 0
    for i in _signs(document):
        yield front_above(document, floor, i, shared=False)
        floor = _end(document, i)


def _asks(front: Front) -> bool:
    """Whether a front asks, or leaves out words."""
    return any(is_question(text.source) or "???" in text.source for text in (front.question, *front.given))


def _end(document: Document, sign: int) -> int:
    """The index behind the last line of an answer: before a rule, a heading or the paragraph above the next line `???`."""
    for i in range(sign + 1, len(document.lines)):
        line = document.lines[i]
        if line.heading or document.is_thematic_break(i):
            return i
        if line.open and _SIGN.match(line.text):
            return _paragraph_start(document, sign, i)
    return len(document.lines)


def _paragraph_start(document: Document, sign: int, next_sign: int) -> int:
    """The index of the first line of the paragraph above the line at `next_sign`."""
    i = next_sign
    while i > sign + 1 and document.lines[i - 1].blank:
        i -= 1
    while i > sign + 1 and not document.lines[i - 1].blank:
        i -= 1
    return i


QUESTION_MARKS = Dialect(
    "question-marks",
    "question, a line ???, answer, a rule",
    detect,
    read_notes,
    FEWEST,
    sign=line_start(r"[ \t]*\?{3}"),
)
