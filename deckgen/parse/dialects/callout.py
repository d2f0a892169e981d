"""Callouts of Obsidian that ask: `> [!question] title`, then the answer in the quote, or in a callout `> [!success]- Answer`."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.answer_labels import plain_title
from deckgen.parse.block_notes import block_notes
from deckgen.parse.blocks import FEWEST, Block, detect_blocks
from deckgen.parse.callouts import Callout, bare_line, callouts, depth_at, is_late_question, quote_marks
from deckgen.parse.dialect import Detection, Dialect, Found, line_start
from deckgen.parse.document import Document
from deckgen.parse.question import is_question, without_label
from deckgen.parse.text_parts import without_quote_marks
from deckgen.parse.texts import columns, cut_lines
from deckgen.problems import Problem, Severity

_GENERIC = lazy_pattern(
    r"(?:questions?|q|faq|help|问题|問題|问|題|题目|질문|вопрос|pregunta|pergunta|frage|domanda)? ?\d*", re.I
)
_NO_PARAGRAPH = lazy_pattern(r"[-*+][ \t]|\d+[.)][ \t]|\||!\[|\$\$|`{3}|~{3}|</?[a-zA-Z]")


def detect(document: Document) -> Detection:
    """How many callouts ask, or have the answer to a question above. Those in the answer to a heading that asks are a part of it."""
    found = [
        block
        for block in find_blocks(document)
        if block.hides_an_answer or not _is_below_a_question(document, block.first)
    ]
    return detect_blocks(document, found, "callout")


def read_notes(document: Document) -> Iterator[Found]:
    yield from _without_question(document, _callouts(document))
    yield from _not_at_the_beginning(document)
    yield from block_notes(document, find_blocks(document))


def _without_question(document: Document, found: Sequence[Callout]) -> Iterator[Problem]:
    """Callouts that ask, but have no title and do not begin with a paragraph."""
    for callout in found:
        if not callout.asks or _is_box_of_questions(document, callout):
            yield from _without_question(document, callout.inner)
        elif not callout.title and not _question_in_body(document, callout):
            message, hint = "the question is empty", "write it after the sign"
            yield document.problem(
                callout.first + 1, message, code="question-missing", severity=Severity.WARNING, hint=hint
            )


def _not_at_the_beginning(document: Document) -> Iterator[Problem]:
    """The signs of questions that are below other lines of a quote. Obsidian shows them as text."""
    message = "this reads as a question, and is no callout, because it is not the first line of its quote"
    hint = "leave an empty line above it"
    for i in range(len(document.lines)):
        if is_late_question(document, i):
            yield document.problem(i + 1, message, code="question-missed", severity=Severity.WARNING, hint=hint)


def find_blocks(document: Document) -> tuple[Block, ...]:
    """The callouts of a document that ask or answer, as blocks."""
    return tuple(_blocks(document, _callouts(document)))


def _callouts(document: Document) -> tuple[Callout, ...]:
    return document.once(callouts, 0, len(document.lines) - 1)


def _blocks(document: Document, found: Sequence[Callout]) -> Iterator[Block]:
    taken = -1
    for n, callout in enumerate(found):
        if callout.first <= taken:
            continue
        if callout.asks and not _is_box_of_questions(document, callout):
            below = _answers_below(document, found, n)
            taken = below[-1].last if below else taken
            if block := _question(document, callout, below):
                yield block
        elif callout.answers:
            yield _block(document, callout)
        else:
            yield from _blocks(document, callout.inner)


def _answers_below(document: Document, callouts: Sequence[Callout], asked: int) -> tuple[Callout, ...]:
    """The callouts with the answer right below the callout with the index `asked`. Only hints may be between."""
    found: list[Callout] = []
    for n in range(asked + 1, len(callouts)):
        callout, between = callouts[n], range(callouts[n - 1].last + 1, callouts[n].first)
        if any(bare_line(document, i) for i in between):
            break
        if callout.may_answer:
            found.append(callout)
        elif not callout.is_hint or found:
            break
    return tuple(found)


def _block(document: Document, callout: Callout) -> Block:
    """A callout as a block without a title: all of its first line is its sign."""
    line, end = document.lines[callout.first], document.lines[callout.last]
    body = min(line.start + len(line.text) + 1, len(document.source))
    stop = max(body, end.start + len(end.text))
    signs, indent = frozenset((callout.first + 1,)), columns(line.text)
    return Block(
        line.start, stop, None, body, stop, signs, callout.first, callout.last, indent, quoted=quote_marks(callout)
    )


def _question(document: Document, callout: Callout, below: Sequence[Callout]) -> Block | None:
    """The block of a callout that asks, with the callouts of its answer, which are in it or `below` it. None if it has no question."""
    block, title = _block(document, callout), callout.title
    if title and not _is_generic(title):
        block = replace(block, title=title, marks=frozenset())
    elif asked := _question_in_body(document, callout):
        block = replace(block, title=asked[0], body_start=min(asked[1], block.body_end))
    elif title:
        block = replace(block, title=title, marks=frozenset())
    else:
        return None
    if found := below or tuple(each for each in callout.inner if each.may_answer):
        block = _with_answers(document, block, found)
    is_term = not (block.answered or block.asks)
    return None if is_term and _is_below_a_question(document, callout.first) else block


def _is_generic(title: Text) -> bool:
    """Whether a title says only that there is a question."""
    return _GENERIC.fullmatch(plain_title(title.source)) is not None


def _is_box_of_questions(document: Document, callout: Callout) -> bool:
    """Whether a callout that asks only has other callouts that ask: its title and its first paragraph are no questions."""
    if (callout.title and not _is_generic(callout.title)) or not any(each.asks for each in callout.inner):
        return False
    first = _question_in_body(document, callout)
    return first is None or not is_question(first[0].source)


def _with_answers(document: Document, block: Block, found: Sequence[Callout]) -> Block:
    """The block of a question with the callouts of its answer as blocks in it."""
    quoted = dict(block.quoted)
    for each in found:
        quoted |= quote_marks(each)
    inner = tuple(replace(_block(document, each), quoted=quoted) for each in found)
    end, last = max(block.end, inner[-1].end), max(block.last, inner[-1].last)
    return replace(block, inner=inner, quoted=quoted, answered=True, end=end, body_end=end, last=last)


def _question_in_body(document: Document, callout: Callout) -> tuple[Text, int] | None:
    """The first paragraph of a callout, or its first line if that asks, and the offset behind it. None if it begins with something else."""
    lines = range(callout.first + 1, callout.last + 1)
    first = next((i for i in lines if bare_line(document, i)), None)
    if first is None or not _is_paragraph(document, callout, first):
        return None
    last = first
    # A number alone makes no question of a line: the rest of it may be on the next one.
    while not is_question(without_label(bare_line(document, last))) and _goes_on(document, callout, last):
        last += 1
    end = document.lines[last].start + len(document.lines[last].text)
    text = cut_lines(document, first, last, indent=columns(document.lines[callout.first].text))
    return without_quote_marks(text, quote_marks(callout)), end


def _goes_on(document: Document, callout: Callout, index: int) -> bool:
    """Whether the next line is in the same paragraph."""
    return index < callout.last and _is_paragraph(document, callout, index + 1)


def _is_paragraph(document: Document, callout: Callout, index: int) -> bool:
    text = bare_line(document, index)
    return bool(text) and depth_at(document, index) == callout.depth and not _NO_PARAGRAPH.match(text)


def _is_below_a_question(document: Document, index: int) -> bool:
    """Whether the heading above a line asks."""
    above = document.headings_from(index)
    return above > 0 and is_question(document.headings[above - 1][1].text)


CALLOUT = Dialect(
    "callout",
    "> [!question] question, then the answer in the quote",
    detect,
    read_notes,
    FEWEST,
    sign=line_start(r"[ \t]*>[> \t]*\[!"),
)
