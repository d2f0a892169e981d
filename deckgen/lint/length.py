"""Questions and answers that are long for a phone."""

import re
from collections.abc import Iterator, Sequence

from deckgen.cloze.grammar import cloze_numbers
from deckgen.cloze.show import reveal
from deckgen.lint.height import ANSWER, QUESTION, SCREEN, height
from deckgen.lint.row import Lint
from deckgen.model import Note, RenderedNote
from deckgen.problems import Problem, Severity

# Of 370 questions in 10 decks 98 % stand on four lines or fewer; those beyond ask several things at once.
_LINES = 4
_SCREENS = 1.5
# Most notes are short beyond doubt, and need not be read as HTML: of what is not named here, a line takes at most so
# many pixels, and a sign in it; a line of a question has room for sixteen signs.
_UNSURE = re.compile(r"[|<]|!\[|^ {0,3}#|^[`~]{3,} *figure", re.M)
_OF_A_LINE, _OF_A_SIGN, _OF_A_ROW = 50, 2, 50
_HOLDS = 16


def long_questions(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each question of more than four lines on a phone."""
    for item in notes:
        html = item.shown("question")
        if len(html) > _LINES * _HOLDS and (lines := question_lines(item)) > _LINES:
            yield Problem(
                item.note.file,
                *item.note.question.place(0),
                Severity.WARNING,
                "question-long",
                f"the question takes about {lines} lines on a phone, more than {_LINES}",
                "ask one thing, in one sentence",
            )


def long_answers(notes: Sequence[RenderedNote]) -> Iterator[Problem]:
    """A problem at each note whose answer is higher than a phone's screen and a half."""
    for item in notes:
        if not surely_short(item.note) and (screens := answer_height(item) / SCREEN) > _SCREENS:
            yield Problem(
                item.note.file,
                *item.note.question.place(0),
                Severity.WARNING,
                "answer-long",
                f"the answer takes about {screens:.1f} screens of a phone, more than {_SCREENS}",
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


def surely_short(note: Note) -> bool:
    """Whether the answer's source alone says that it is not too high."""
    source = f"{note.answer.source}\n{note.definitions}"
    lines = source.count("\n") - source.count("\n\n") + 1
    most = _OF_A_LINE * lines + _OF_A_SIGN * len(source) + _OF_A_ROW * source.count(r"\\")
    return most < _SCREENS * SCREEN and not _UNSURE.search(source)


QUESTION_LONG = Lint("question-long", long_questions)
ANSWER_LONG = Lint("answer-long", long_answers)
