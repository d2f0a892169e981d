"""The notes of blocks that are folded away on a page."""

from collections.abc import Iterator, Sequence, Set

from msgspec.structs import replace

from deckgen.model import Text
from deckgen.parse.blocks import Answer, Block, answers_in, terms_ask
from deckgen.parse.dialect import Found
from deckgen.parse.document import Document
from deckgen.parse.fronts import Front
from deckgen.parse.numbering import number_of
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.parse.text_parts import without_quote_marks
from deckgen.parse.texts import cut
from deckgen.problems import Problem, Severity


def block_notes(document: Document, blocks: Sequence[Block], *, any_title: bool = False) -> Iterator[Found]:
    """The notes of the blocks of a document, and problems at those that are none. With `any_title` any title is a question."""
    found = list(answers_in(document, blocks))
    asked = any(each.front for each in found) or any(each.blocks[0].asks for each in found)
    terms = any_title or not asked or terms_ask(document, blocks, found)
    yield from _without_block(document, blocks, found)
    for answer in found:
        if answer.title and not terms and not answer.blocks[0].asks:
            continue
        marks = frozenset(number for block in answer.blocks for number in block.marks)
        if answer.front:
            yield Markup(marks | answer.front.marks)
            yield _note_with_front(document, answer.front, answer.blocks, marks)
        elif answer.title is not None:
            yield Markup(marks)
            yield from _note_with_title(document, answer, answer.title, marks)
        else:
            yield document.problem(
                answer.blocks[0].first + 1,
                "the block has no question above it",
                code="question-missing",
                severity=Severity.WARNING,
            )


def _without_block(document: Document, blocks: Sequence[Block], found: Sequence[Answer]) -> Iterator[Problem]:
    """Headings with text and without a block, on a level on which headings with numbers are the questions above blocks."""
    fronts = {each.front.question.line - 1: each.front for each in found if each.front}
    levels = {front.level for i, front in fronts.items() if _is_numbered(document, i)}
    inside = {i for block in blocks for i in range(block.first, block.last + 1)}
    for n, (i, heading) in enumerate(document.headings):
        end = document.headings[n + 1][0] if n + 1 < len(document.headings) else len(document.lines)
        if heading.level not in levels or i in fronts or i in inside or not _is_numbered(document, i):
            continue
        if document.text(i + 1, end - 1).source and inside.isdisjoint(range(i, end)):
            yield document.problem(
                i + 1,
                "this reads as a question, and is in no note",
                code="question-missed",
                severity=Severity.WARNING,
                hint="the answers of the other questions are in blocks: put this one into a block too",
            )


def _is_numbered(document: Document, index: int) -> bool:
    heading = document.lines[index].heading
    return heading is not None and number_of(heading.text) is not None


def unanswered(document: Document, line: int) -> Problem:
    """The problem of a question whose answer is empty."""
    return document.problem(line, "the question has no answer", code="answer-missing", severity=Severity.WARNING)


def _note_with_front(document: Document, front: Front, blocks: Sequence[Block], marks: Set[int]) -> RawNote | Problem:
    answer = _body(document, blocks, marks)
    if not answer.source:
        return unanswered(document, front.question.line)
    section = document.section(front.question.line - 1, front.level)
    return RawNote(front.question, front.attributes, answer, section, given=front.given)


def _note_with_title(document: Document, answer: Answer, title: Text, marks: frozenset[int]) -> Iterator[Found]:
    """The note of a block whose title is the question. A block in it that hides the answer parts its body."""
    block = answer.blocks[0]
    question, attributes = question_text(title.source, title.line, title.column)
    skipped = title.source.find(question.source)
    shifts = tuple((at - skipped, by) for at, by in title.shifts if at > skipped)
    question = replace(question, indent=title.indent, shifts=shifts)
    given: tuple[Text, ...] = ()
    hidden = next((each for each in block.inner if each.hides_an_answer), None)
    if hidden:
        inside = frozenset(number for each in block.inner if each.hides_an_answer for number in each.marks)
        yield Markup(inside)
        above = _cut(document, block, block.body_start, hidden.start, marks)
        given = (above,) if above.source else ()
        text = _cut(document, hidden, hidden.body_start, block.body_end, marks | inside)
    else:
        text = _body(document, answer.blocks, marks)
    if text.source:
        yield RawNote(question, attributes, text, document.section(question.line - 1), given=given)
    else:
        yield unanswered(document, question.line)


def _body(document: Document, blocks: Sequence[Block], marks: Set[int]) -> Text:
    """The bodies of blocks that follow one another, as one text."""
    first = replace(blocks[0], quoted={number: depth for block in blocks for number, depth in block.quoted.items()})
    return _cut(document, first, first.body_start, blocks[-1].body_end, marks)


def _cut(document: Document, block: Block, start: int, end: int, marks: Set[int]) -> Text:
    """The text of a block between two offsets, without the lines in `marks`."""
    text = cut(document, start, end, without=marks, indent=block.indent)
    return without_quote_marks(text, block.quoted) if block.quoted else text
