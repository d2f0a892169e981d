"""Questions as headings of one level; higher headings are sections, deeper ones belong to the answer."""

from collections.abc import Iterator

from deckgen.model import Text
from deckgen.parse.answer_ends import before_gap
from deckgen.parse.block_notes import unanswered
from deckgen.parse.bodies import read_body
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document, Heading
from deckgen.parse.heading_levels import Level, question_level
from deckgen.parse.question import Markup, RawNote, is_question, question_text
from deckgen.parse.stems import stem_below
from deckgen.parse.underlined import is_underlined_question
from deckgen.problems import Problem, Severity


def detect(document: Document) -> Detection:
    """How many headings of the level ask; they are to be several or all of that level, or one has an id."""
    level = question_level(document)
    if level is None:
        return Detection()
    if level.asking + level.labelled:
        answered = f", {level.labelled} with a labelled answer" if level.labelled else ""
        reason = f"{counted(level.asking, 'heading')} of level {level.number} that {'asks' if level.asking == 1 else 'ask'}{answered}"
        lacks = "" if level.enough else f"of {level.count} on that level it takes a fourth, and two"
        if lacks and 2 * level.answered < level.asking:
            lacks = f"{level.answered} of them have an answer"
        return Detection(level.asking + level.labelled, reason, lacks)
    reason = f"{level.counted} headings of level {level.number} that are numbered and do not ask"
    return Detection(level.counted, reason, weak=True)


def read_notes(document: Document) -> Iterator[Found]:
    level = question_level(document, document.level)
    if level is None:
        yield document.problem(
            1,
            "no heading reads as a question",
            code="heading-level",
            hint="set level (1 to 6) under deckgen: in the front matter, or in deck.toml",
        )
        return
    yield from _misplaced_questions(document, level)
    stops = [(i, heading) for i, heading in document.headings if heading.level <= level.number]
    stem: tuple[Text, ...] = ()
    for n, (i, heading) in enumerate(stops):
        end = stops[n + 1][0] if n + 1 < len(stops) else len(document.lines)
        if heading.level < level.number:
            stem = stem_below(document, i)
            if is_question(heading.text) and document.text(i + 1, end - 1).source:
                yield _on_another_level(document, i, level.number)
        elif level.asks(document, i, heading, end):
            yield from _underlined(document, i + 1, end)
            yield from _note(document, level, i, heading, end, stem)


def _note(
    document: Document, level: Level, i: int, heading: Heading, end: int, stem: tuple[Text, ...]
) -> Iterator[Found]:
    question, attributes = question_text(level.without_number(heading.text), i + 1, heading.column)
    column = heading.column + heading.text.rindex(question.source) if question.source else heading.column
    question = Text(question.source, i + 1, column)
    body = read_body(document, i + 1, before_gap(document, i + 1, end) - 1)
    yield Markup(body.marks)
    if not body.answer.source and not level.asking + level.labelled:
        yield unanswered(document, i + 1)
        return
    yield RawNote(question, attributes, body.answer, document.section(i, level.number), given=(*stem, *body.given))


def _misplaced_questions(document: Document, level: Level) -> Iterator[Problem]:
    """Questions below the level that stand in no answer: before the first note, or under a section."""
    in_answer = False
    for i, heading in document.headings:
        if heading.level <= level.number:
            in_answer = heading.level == level.number
        elif not in_answer and is_question(heading.text):
            yield _on_another_level(document, i, level.number)


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


HEADING = Dialect("heading", "## question, then the answer", detect, read_notes)
