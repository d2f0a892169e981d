"""Questions and answers that are long for a phone."""

import re
from collections.abc import Iterator, Sequence

from deckgen.cloze.grammar import cloze_numbers
from deckgen.cloze.show import reveal
from deckgen.lazy_patterns import lazy_pattern
from deckgen.lint.height import ANSWER, QUESTION, SCREEN, height
from deckgen.lint.row import Lint
from deckgen.model import Note, RenderedNote
from deckgen.problems import Problem, Severity

# Of 370 questions in 10 decks 98 % take four lines or fewer; the longer ones ask several things at once.
_MAX_LINES = 4
_MAX_SCREENS = 1.5
# Most notes are surely short, so their HTML need not be parsed. Without the constructs of _NEEDS_HTML, a line and a character take at
# most these numbers of pixels. A line of a question holds at least _LINE_CHARACTERS characters.
_NEEDS_HTML = lazy_pattern(r"[|<]|!\[|^ {0,3}#|^[`~]{3,} *figure", re.M)
_LINE_HEIGHT, _CHARACTER_HEIGHT, _FORMULA_ROW_HEIGHT = 50, 2, 50
_LINE_CHARACTERS = 16


def long_questions(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each question of more than four lines on a phone."""
    for item in notes:
        html = item.shown("question")
        if len(html) > _MAX_LINES * _LINE_CHARACTERS and (lines := question_lines(item)) > _MAX_LINES:
            yield Problem(
                item.note.file,
                *item.note.question.place(0),
                Severity.WARNING,
                "question-long",
                f"the question takes about {lines} lines on a phone, more than {_MAX_LINES}",
                "ask one thing, in one sentence",
            )


def long_answers(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each note whose answer is higher than a phone's screen and a half."""
    for item in notes:
        if not is_surely_short(item.note) and (screens := answer_height(item) / SCREEN) > _MAX_SCREENS:
            yield Problem(
                item.note.file,
                *item.note.question.place(0),
                Severity.WARNING,
                "answer-long",
                f"the answer takes about {screens:.1f} screens of a phone, more than {_MAX_SCREENS}",
                "make two notes of it",
            )


def question_lines(item: RenderedNote) -> int:
    """The lines that a question takes, as estimated."""
    return round(height(item.shown("question"), QUESTION) / QUESTION.row)


def answer_height(item: RenderedNote) -> float:
    """The height in pixels of what stands below the question on the back of the card, as estimated."""
    answer = item.shown("answer")
    if item.notetype.asks_clozes:
        answer = reveal(answer, min(cloze_numbers(answer), default=0), question=False)
    elif item.notetype.occludes:
        answer = f"<figure>{item.shown('picture')}</figure>{answer}"
    return height(answer, ANSWER)


def is_surely_short(note: Note) -> bool:
    """Whether the answer's source alone says that it is not too high."""
    source = f"{note.answer.source}\n{note.definitions}"
    lines = source.count("\n") - source.count("\n\n") + 1
    most = _LINE_HEIGHT * lines + _CHARACTER_HEIGHT * len(source) + _FORMULA_ROW_HEIGHT * source.count(r"\\")
    return most < _MAX_SCREENS * SCREEN and not _NEEDS_HTML.search(source)


QUESTION_LONG = Lint("question-long", long_questions)
ANSWER_LONG = Lint("answer-long", long_answers)
