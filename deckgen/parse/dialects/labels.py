"""Labels before questions and answers: `Q:` and `A:` in all their forms, and the clozes of hashcards, `C: … [text]`."""

from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.answer_labels import Label, answer_labels, is_first_option
from deckgen.parse.block_notes import unanswered
from deckgen.parse.bodies import given_lines, labelled_body
from deckgen.parse.brackets import bracket_clozes, with_bracket_clozes
from deckgen.parse.dialect import Detection, Dialect, Found, counted, line_start
from deckgen.parse.document import Document, Heading
from deckgen.parse.metadata import without_metadata
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.parse.tagged_lines import question_start, tagged_lines
from deckgen.parse.texts import cut_lines
from deckgen.problems import Severity

_WORD = (
    r"(?:[QＱ](?:uestion)?|question|Frage|Pregunta|Domanda|Pergunta|Вопрос|В|问题?|問題?|题目?|質問|질문|문)[ \t]*\d*"
)
_ASKED = lazy_pattern(
    rf"[ \t]{{0,3}}(?P<bullet>[-*+][ \t]+)?(?P<mark>\*\*\*|\*\*|__|\*|_)?(?:{_WORD}(?P<inner>(?P=mark))?[ \t]*[:：]|【{_WORD}】[:：]?)[ \t]*"
)
_CLOZE = lazy_pattern(r"[ \t]{0,3}C[:：][ \t]*(?=\S|$)")
FEWEST = 2


class _Asked(Struct, frozen=True):
    """A line that begins with the label of a question, or of a cloze: the question begins at `column`, 0-based."""

    index: int
    column: int
    heading: Heading | None = None
    is_cloze: bool = False
    indent: int = 0


def detect(document: Document) -> Detection:
    """How many labelled questions have a labelled answer, and how many clozes there are."""
    asked = _all_asked(document)
    # Most files have no label of an answer, but headings such as `Question 3:`.
    pairs = sum(_is_pair(document, each) for each in asked) if document.once(answer_labels) else 0
    clozes = sum(each.is_cloze for each in asked)
    if not pairs and not clozes:
        return Detection()
    reason = counted(pairs, "question with Q: and an answer with A:", "questions with Q: and answers with A:")
    if clozes:
        reason += f", {counted(clozes, 'cloze with C:', 'clozes with C:')}"
    headings = sum(each.heading is not None for each in asked)
    lacks = f"it takes {FEWEST}" if pairs + clozes < FEWEST and not _begins(document, asked[0]) else ""
    if 2 * pairs < len(asked) - clozes:
        lacks = f"of {len(asked) - clozes} questions half are to have an answer"
    return Detection(2 * (pairs + clozes) + min(headings, pairs), reason, lacks, marked=True)


def _is_pair(document: Document, asked: _Asked) -> bool:
    """Whether a label is that of a question with an answer."""
    return not asked.is_cloze and _answer(document, asked, _end(document, asked)) is not None


def read_notes(document: Document) -> Iterator[Found]:
    for each in _all_asked(document):
        end = _end(document, each)
        if each.is_cloze:
            yield _cloze_note(document, each, end)
        elif (found := _answer(document, each, end)) is not None:
            yield from _note(document, each, *found, end)
        else:
            yield unanswered(document, each.index + 1)


def _begins(document: Document, asked: _Asked) -> bool:
    """Whether nothing but headings and rules stands above a question: then one is enough."""
    above = document.lines[: asked.index]
    return not any(line.open and line.text.strip(" \t-*_") and not line.heading for line in above)


def _all_asked(document: Document) -> list[_Asked]:
    """The labelled questions of a document and its clozes; a `C:` without any cloze in it is text."""
    return [
        each
        for each in document.once(_labelled_lines).values()
        if not each.is_cloze or any(bracket_clozes(_body(document, each, _end(document, each)).source))
    ]


def _labelled_lines(document: Document) -> dict[int, _Asked]:
    """Index of a line → the label of a question or of a cloze with which it begins."""
    return {i: each for i in range(len(document.lines)) if (each := _asked(document, i))}


def _asked(document: Document, i: int) -> _Asked | None:
    line = document.lines[i]
    if not line.open:
        return None
    heading = line.heading
    start = heading.column - 1 if heading else 0
    if match := _ASKED.match(line.text[start:]):
        column = start + match.end()
        mark = match["mark"] or ""
        if mark and not match["inner"] and line.text.startswith(mark, column):
            column += len(mark)
        return _Asked(i, column, heading, indent=match.end("bullet") if match["bullet"] else 0)
    if match := _CLOZE.match(line.text):
        return _Asked(i, match.end(), is_cloze=True)
    return None


def _end(document: Document, asked: _Asked) -> int:
    """The index of the last line of a note. A card by a tag ends it, unless its answer is below the card."""
    end = _end_without_cards(document, asked)
    answer = _answer(document, asked, end)
    first, tagged = answer[0] if answer else asked.index, document.once(_cards_by_a_tag)
    return next((i - 1 for i in range(first + 1, end + 1) if i in tagged), end)


def _end_without_cards(document: Document, asked: _Asked) -> int:
    """The index of the line before the next label, a rule, or a heading that is not below its own."""
    level = asked.heading.level if asked.heading else 7
    labelled = document.once(_labelled_lines)
    for i in range(asked.index + 1, len(document.lines)):
        heading = document.lines[i].heading
        if (heading and heading.level <= level) or document.is_thematic_break(i) or i in labelled:
            return i - 1
    return len(document.lines) - 1


def _cards_by_a_tag(document: Document) -> frozenset[int]:
    """The indices of the first lines of questions with a card tag, below an empty line."""
    starts = (question_start(document, card) for card in tagged_lines(document))
    return frozenset(i for i in starts if i and document.lines[i - 1].blank)


def _answer(document: Document, asked: _Asked, end: int) -> tuple[int, Label] | None:
    """The index of the line with the label of a question's answer, and the label."""
    labels, lines = document.once(answer_labels), document.once(_lines_with_answers)
    for i in lines[bisect_right(lines, asked.index) : bisect_right(lines, end)]:
        if labels[i].long or not is_first_option(document, i, end):
            return i, labels[i]
    return None


def _lines_with_answers(document: Document) -> list[int]:
    """The indices of the lines with labels of answers."""
    return list(document.once(answer_labels))


def _body(document: Document, asked: _Asked, end: int) -> Text:
    return cut_lines(document, asked.index, end, column=asked.column)


def _note(document: Document, asked: _Asked, at: int, label: Label, end: int) -> Iterator[Found]:
    first, column, marks = asked.index, asked.column, frozenset[int]()
    if not document.lines[first].text[column:].strip("*_ \t"):
        marks = frozenset((first + 1,))
        first = next((i for i in range(first + 1, at) if not document.lines[i].blank), at)
        column = 0
    stop = next((i for i in range(first, at) if document.lines[i].blank or not document.lines[i].open), at)
    whole = _unemphasised(
        document, cut_lines(document, first, max(first, stop - 1), column=column, indent=asked.indent)
    )
    question, attributes = question_text(whole.source, whole.line, whole.column)
    last, tags, metadata = without_metadata(document, at, end)
    body = labelled_body(document, given_lines(document, stop, at - 1), at, label, last)
    yield Markup(marks | body.marks | metadata)
    if first == at or not question.source:
        yield document.problem(
            asked.index + 1, "the question is empty", code="question-missing", severity=Severity.WARNING
        )
    elif not body.answer.source:
        yield unanswered(document, question.line)
    else:
        section = document.section(asked.index, asked.heading.level if asked.heading else 7)
        yield RawNote(question, attributes, body.answer, section, given=body.given, tags=tags)


def _unemphasised(document: Document, text: Text) -> Text:
    """A question without the mark that closes the bold type around it and its label."""
    for mark in ("**", "__"):
        if text.source.count(mark) == 1 and text.source.endswith(mark):
            return Text(text.source[: -len(mark)].rstrip(), text.line, text.column, text.indent, text.shifts)
    return text


def _cloze_note(document: Document, asked: _Asked, end: int) -> RawNote:
    last, tags, _ = without_metadata(document, asked.index, end)
    body = cut_lines(document, asked.index, last, column=asked.column)
    name = body.source.partition("\n\n")[0]
    question, attributes = question_text(name, body.line, body.column)
    section = document.section(asked.index)
    return RawNote(question, attributes, with_bracket_clozes(body), section, statement=True, tags=tags)


LABELS = Dialect(
    "labels",
    "Q: question, then A: answer",
    detect,
    read_notes,
    FEWEST,
    sign=line_start(rf"(?: {{0,3}}#+[ \t]*)?(?:{_ASKED.pattern}|[ \t]{{0,3}}C[:：])"),
)
