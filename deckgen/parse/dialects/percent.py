"""Cards of mdanki: a heading, what else is on the front, a line `%`, the back."""

from collections.abc import Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_notes import unanswered
from deckgen.parse.bodies import given_lines
from deckgen.parse.dialect import Detection, Dialect, Found, detected, line_start
from deckgen.parse.document import Document
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.parse.texts import cut_lines

_SIGN = lazy_pattern(r"[ \t]*%[ \t]*$")
_TAGS = lazy_pattern(r"[ \t]*(?:\[#([^\[\]]+)\]\([^()]*\)[ \t]*)+$")
_TAG = lazy_pattern(r"\[#([^\[\]]+)\]")


def detect(document: Document) -> Detection:
    """How many headings have a line `%` below them."""
    level = _level(document)
    return detected(
        sum(_sign(document, i, end) is not None for i, end in _cards(document, level)) if level else 0,
        1,
        "heading with a line % below it",
        lines=2,
        things="headings with a line % below them",
        marked=True,
    )


def read_notes(document: Document) -> Iterator[Found]:
    level = _level(document) or document.level or 2
    for i, end in _cards(document, level):
        heading = document.lines[i].heading
        assert heading is not None, "a card is a heading"
        end, tags, marks = _without_tags(document, i, end)
        sign = _sign(document, i, end)
        given: tuple[Text, ...] = ()
        if sign is not None:
            given, marks = given_lines(document, i + 1, sign - 1), marks | {sign + 1}
        answer = cut_lines(document, (i if sign is None else sign) + 1, end - 1)
        question, attributes = question_text(heading.text, i + 1, heading.column)
        yield Markup(marks)
        if answer.source:
            yield RawNote(question, attributes, answer, document.section(i, level), given=given, tags=tags)
        else:
            yield unanswered(document, i + 1)


def _level(document: Document) -> int | None:
    """The level of the headings right above the first line `%`."""
    for i, line in enumerate(document.lines):
        if line.open and _SIGN.match(line.text) and (place := document.headings_from(i)):
            return document.headings[place - 1][1].level
    return None


def _cards(document: Document, level: int) -> Iterator[tuple[int, int]]:
    """The index of each heading of a level, and that behind the last line below it."""
    stops = [(i, heading) for i, heading in document.headings if heading.level <= level]
    ends = [i for i, _ in stops[1:]] + [len(document.lines)]
    return ((i, end) for (i, heading), end in zip(stops, ends) if heading.level == level)


def _sign(document: Document, first: int, end: int) -> int | None:
    return next((i for i in range(first, end) if document.lines[i].open and _SIGN.match(document.lines[i].text)), None)


def _without_tags(document: Document, first: int, end: int) -> tuple[int, tuple[str, ...], frozenset[int]]:
    """The end of a card without a last line of tags, `[#tag]()`; the tags; and the line's number."""
    last = next((i for i in range(end - 1, first, -1) if not document.lines[i].blank), first)
    if last == first or not _TAGS.match(document.lines[last].text):
        return end, (), frozenset()
    return last, tuple(_TAG.findall(document.lines[last].text)), frozenset((last + 1,))


PERCENT = Dialect("percent", "## question, a line %, answer", detect, read_notes, sign=line_start(r"[ \t]*%"))
