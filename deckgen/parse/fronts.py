"""What stands above an answer that is folded away: the question, and what is given with it."""

import re

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.answer_labels import hides_an_answer
from deckgen.parse.document import Document, Heading
from deckgen.parse.question import Attributes, has_question_label, is_question, question_text
from deckgen.parse.texts import columns, common_indent, cut_lines

_NUMBERED = lazy_pattern(
    r"[ \t]*(?:[-*+][ \t]+)?(?:\*\*)?(?:(?:[Qq](?:uestion)?|Exercise|Problem|Task|问题|题目|练习|第)[ .]?\d+|\d+\\?[.)、．）:：])"
)
_BOLD = lazy_pattern(r"\*\*((?:(?!\*\*).)+)\*\*[ \t]*$")
_BOLD_NUMBER = lazy_pattern(
    r"\*\*((?:(?:[Qq](?:uestion)?|Exercise|Problem|Task|题目?|问题?|练习)[ .]?)?\d+\\?[.)、．）:：]?)\*\*[.:：、]?[ \t]*"
)
_ADMONITION = lazy_pattern(r"[ \t]*!!!\+?[ \t]+[\w-]+(?:[ \t]+[\w-]+)*?(?:[ \t]+\"(.*)\")?[ \t]*$")
_GAP = lazy_pattern(r"(?<![\\\w?])(?:\?{3}|_{3,})(?!\w)")
_ENDS_PARAGRAPH = lazy_pattern(
    r"[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|[A-Ha-h][.)、][ \t]|>|\||</?[a-zA-Z]|!\[|\$\$|```|~~~)"
)


class Front(Struct, frozen=True):
    """A question, what is given with it, the level of its heading (7 without one), and the lines that show nothing."""

    question: Text
    attributes: Attributes
    given: tuple[Text, ...]
    level: int = 7
    marks: frozenset[int] = frozenset()


def front_above(document: Document, floor: int, opener: int, shared: bool) -> Front | None:
    """The front between the line at index `floor` and the one at `opener`, None where there is none.

    It begins at the last heading, or behind the last rule. A heading that is `shared` by several answers is a section.
    """
    first = _beginning(document, floor, opener)
    heading = document.lines[first].heading if first < opener else None
    if heading is None:
        return paragraph_front(document, first, opener)
    start = next((i for i in range(first + 1, opener) if not document.lines[i].blank), None)
    if start is not None and not is_question(heading.text):
        front = paragraph_front(document, start, opener)
        if front and (shared or _NUMBERED.match(document.lines[start].text) or _asks(front.question)):
            return front
    if start is None and shared and not is_question(heading.text):
        return None
    return _heading_front(document, heading, first, opener)


def _asks(question: Text) -> bool:
    """Whether a text asks, or leaves out words."""
    return is_question(question.source) or bool(_GAP.search(question.source))


def _beginning(document: Document, floor: int, opener: int) -> int:
    """The index of the first line of a front: a heading, or what follows a rule, or the line at `floor`."""
    for i in range(opener - 1, floor - 1, -1):
        if document.lines[i].heading:
            return i
        if document.is_thematic_break(i):
            return i + 1
    return floor


def _heading_front(document: Document, heading: Heading, index: int, opener: int) -> Front:
    question, attributes = question_text(heading.text, index + 1, heading.column)
    return Front(question, attributes, _given(document, index + 1, opener), heading.level)


def block_front(document: Document, floor: int, opener: int) -> Front | None:
    """The front that is right above the line at `opener`: the lines from the last blank one on, a heading or a paragraph."""
    first = opener
    while first > floor and not document.lines[first - 1].blank and not document.is_thematic_break(first - 1):
        first -= 1
    headings = [i for i in range(first, opener) if document.lines[i].heading]
    if headings and (headings[-1] == opener - 1 or headings[-1] == first):
        heading = document.lines[headings[-1]].heading
        assert heading is not None
        if headings[-1] == opener - 1:
            return _heading_front(document, heading, headings[-1], opener)
        first = headings[-1] + 1
    return paragraph_front(document, first, opener)


def paragraph_front(document: Document, first: int, opener: int) -> Front | None:
    """A front whose first paragraph asks, or an admonition that does."""
    first = next((i for i in range(first, opener) if not document.lines[i].blank), opener)
    if first == opener or not document.lines[first].text.strip(" -*_"):
        return None
    if match := _ADMONITION.match(document.lines[first].text):
        if match[1] and not hides_an_answer(match[1]) and is_question(match[1]):
            question, attributes = question_text(match[1], first + 1, match.start(1) + 1)
            return Front(question, attributes, _given(document, first + 1, opener))
        front = paragraph_front(document, first + 1, opener)
        return front and replace(front, marks=front.marks | {first + 1})
    last = first
    while last + 1 < opener and not _ends_paragraph(document, first, last + 1):
        last += 1
    question, attributes = paragraph_question(document, first, last)
    return Front(question, attributes, _given(document, last + 1, opener))


def paragraph_question(document: Document, first: int, last: int) -> tuple[Text, Attributes]:
    """The question of a paragraph, freed of its number, and of bold type where all of it is bold."""
    text = document.lines[first].text
    skipped = len(text) - len(text.lstrip(" \t"))
    if marker := re.match(r"[-*+][ \t]+(?=\S)", text[skipped:]):
        skipped += marker.end()
    if number := _BOLD_NUMBER.match(text, skipped):
        skipped = number.end()
    elif first == last and (bold := _BOLD.match(text, skipped)):
        return question_text(bold[1], first + 1, bold.start(1) + 1)
    whole = cut_lines(document, first, last, column=skipped, indent=common_indent(document, first, last))
    question, attributes = question_text(whole.source, whole.line, whole.column)
    return replace(question, indent=whole.indent), attributes


def _ends_paragraph(document: Document, first: int, i: int) -> bool:
    line = document.lines[i]
    deeper = columns(line.text) > columns(document.lines[first].text) + 3
    return (
        line.blank or not line.open or deeper or bool(_ENDS_PARAGRAPH.match(line.text)) or has_question_label(line.text)
    )


def _given(document: Document, first: int, opener: int) -> tuple[Text, ...]:
    if first >= opener:
        return ()
    text = cut_lines(document, first, opener - 1, indent=common_indent(document, first, opener - 1))
    return (text,) if text.source else ()
