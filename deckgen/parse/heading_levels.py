"""The level of the headings that are questions, and which headings of it are."""

from msgspec import Struct

from deckgen.parse.bodies import answer_start
from deckgen.parse.document import Document, Heading
from deckgen.parse.numbering import FEWEST, counting, is_counted, number_of, without_number
from deckgen.parse.question import has_question_label, is_question, split_attributes

_MANY = 3
"""From more questions on, most are to have an answer: else they are a list of questions."""


class Level(Struct, frozen=True):
    """The headings of one level: how many there are, ask, ask with text below, have a label of an answer below, are counted one after another.

    Where most are `numbered`, only those with a number are questions, or those that ask.
    """

    number: int
    count: int
    asking: int
    answered: int
    labelled: int
    counted: int
    numbered: bool
    named: bool

    @property
    def enough(self) -> bool:
        """Whether the level is one of questions: one has an id, all or a fourth of them ask, or two have labelled answers."""
        if self.asking > _MANY and 2 * self.answered < self.asking:
            return False
        several = self.asking > 1 and 4 * self.asking >= self.count
        return (
            self.named
            or self.asking == self.count
            or several
            or (self.labelled > 1 and 2 * self.labelled >= self.count)
        )

    def without_number(self, text: str) -> str:
        """A heading's text without its number, where the headings are counted."""
        return without_number(text) if self.numbered else text

    def asks(self, document: Document, index: int, heading: Heading, end: int) -> bool:
        """Whether the heading at `index`, whose body ends before `end`, is a question and no section."""
        if is_question(heading.text):
            return True
        if self.numbered and number_of(heading.text) is None and not _is_labelled(document, index, end):
            return False
        return not _holds_questions(document, index, end)


def question_level(document: Document, number: int | None = None) -> Level | None:
    """The level of the questions: that of the most headings that ask or have a labelled answer; the higher of two alike, since answers have headings too.

    Where none does, the first on which headings are counted. `number` names it instead.
    """
    return document.once(_question_level, number)


def _question_level(document: Document, number: int | None) -> Level | None:
    numbers = sorted({heading.level for _, heading in document.headings})
    if number is not None:
        return _level(document, number)
    levels = [_level(document, each) for each in numbers]
    best = max(levels, key=lambda level: (level.asking + level.labelled, -level.number), default=None)
    if best is not None and best.asking + best.labelled and (best.enough or not any(map(_is_counted, levels))):
        return best
    return next(filter(_is_counted, levels), best if best is not None and best.asking + best.labelled else None)


def _is_counted(level: Level) -> bool:
    return level.numbered and level.counted >= FEWEST


def _level(document: Document, number: int) -> Level:
    stops = [(i, heading) for i, heading in document.headings if heading.level <= number]
    ends = [i for i, _ in stops[1:]] + [len(document.lines)]
    own = [(i, heading, end) for (i, heading), end in zip(stops, ends) if heading.level == number]
    texts = [heading.text for _, heading, _ in own]
    asking = [is_question(text) for text in texts]
    return Level(
        number,
        len(own),
        sum(asking),
        sum(asks and bool(document.text(i + 1, end - 1).source) for asks, (i, _, end) in zip(asking, own)),
        sum(_is_labelled(document, i, end) for i, _, end in own),
        counting(texts),
        is_counted(texts),
        any(split_attributes(text)[1].id for text in texts),
    )


def _is_labelled(document: Document, index: int, end: int) -> bool:
    """Whether a label or a heading below a heading says where its answer begins."""
    return answer_start(document, index + 1, end - 1) is not None


def _holds_questions(document: Document, index: int, end: int) -> bool:
    """Whether what stands right below a heading that does not ask is a question with a label."""
    below = next((line for line in document.lines[index + 1 : end] if not line.blank), None)
    return below is not None and below.open and has_question_label(below.text.strip(" *_"))
