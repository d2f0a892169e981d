"""Lists of questions: `- **question**` or `- question?`, and the answer nested below it, or behind a bold question."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.dialect import Detection, Dialect, Found, counted, line_start
from deckgen.parse.document import Document
from deckgen.parse.list_items import Item, is_item, list_item, nested_text, properties
from deckgen.parse.question import Markup, RawNote, is_question, question_text
from deckgen.parse.text_parts import part
from deckgen.parse.texts import columns, cut_lines
from deckgen.problems import Severity

_BULLET = lazy_pattern(r"[ \t]*[-*+][ \t]+(?!\[[ xX]\][ \t])")
_BOLD = lazy_pattern(r"(?P<mark>\*\*|__)(?P<inner>(?:(?!\*\*|__).)+)(?P=mark)[ \t]*(?P<colon>[:：]?)[ \t]*")
_ASKING = lazy_pattern(
    r"[?？]|什么|什麼|如何|怎么|怎樣|怎样|为什么|為什麼|哪些|哪几|区别|區別|原理|介绍|谈谈|说说|说一下|讲讲|讲一下|解释|简述|概述|作用|优缺点|有何|是否|能否|多少"
    r"|\b(?:what|why|how|when|which|who|where|explain|describe|difference|compare|define|tell me|name the|list the)\b",
    re.I,
)
FEWEST = 3
_FEWEST_TOLD = 2


class _Asked(Struct, frozen=True):
    """An item that may be a question: its columns of indentation, where the question begins and ends in its line, and where an answer begins there."""

    item: Item
    indent: int
    start: int
    end: int
    answer: int
    bold: bool
    asks: bool


def detect(document: Document) -> Detection:
    """How many items of one level ask and have an answer, those below headings that ask not counted: they are parts of an answer."""
    asked = _questions(document)
    answered = [each for each in asked if _has_answer(document, each) and not _is_in_answer(document, each)]
    if len(answered) < _FEWEST_TOLD:
        return Detection()
    asking = sum(each.asks for each in answered)
    reason = counted(
        len(answered),
        "list item that is a question with its answer nested below",
        "list items that are questions with their answers nested below",
    )
    lacks = ""
    if len(answered) < FEWEST:
        lacks = f"it takes {FEWEST}"
    elif 2 * asking < len(answered):
        lacks = "few of them ask"
    elif 2 * len(answered) < len(asked):
        lacks = f"of {len(asked)} such items most have no answer"
    return Detection(len(answered), reason, lacks)


def read_notes(document: Document) -> Iterator[Found]:
    for each in _questions(document):
        line = document.lines[each.item.index].text
        text = part(Text(line, each.item.index + 1), each.start, each.end)
        question, attributes = question_text(text.source, text.line, text.column)
        named = properties(document, each.item.index + 1, each.item.last)
        marks = frozenset(one.index + 1 for one in named)
        yield Markup(marks)
        answer = _answer(document, each, marks)
        if not answer.source:
            yield document.problem(
                each.item.index + 1, "the question has no answer", code="answer-missing", severity=Severity.WARNING
            )
        elif question.source:
            yield RawNote(question, attributes, answer, document.section(each.item.index))


def _questions(document: Document) -> list[_Asked]:
    """The items of the level and the style that most questions have; bold before plain, where as many are bold."""
    found = [each for i in range(len(document.lines)) if (each := _asked(document, i))]
    styles = Counter((each.indent, each.bold) for each in found if _has_answer(document, each))
    if not styles:
        return []
    indent, bold = max(styles, key=lambda style: (styles[style], style[1], -style[0]))
    return [each for each in found if each.indent == indent and (each.bold or not bold)]


def _asked(document: Document, index: int) -> _Asked | None:
    line = document.lines[index]
    item = list_item(document, index) if line.open and _BULLET.match(line.text) else None
    if item is None:
        return None
    indent, text = columns(line.text), line.text.rstrip()
    if (bold := _BOLD.match(text, item.column)) and (bold.end() == len(text) or is_question(bold["inner"])):
        asks = bool(_ASKING.search(bold["inner"]))
        return _Asked(item, indent, bold.start("inner"), bold.end("inner"), bold.end(), True, asks)
    if is_question(text[item.column :]):
        return _Asked(item, indent, item.column, len(text), len(text), False, True)
    return None


def _has_answer(document: Document, asked: _Asked) -> bool:
    return asked.item.last > asked.item.index or bool(document.lines[asked.item.index].text[asked.answer :].strip())


def _is_in_answer(document: Document, asked: _Asked) -> bool:
    """Whether the item stands below a heading that asks."""
    above = document.headings_from(asked.item.index)
    return bool(above) and is_question(document.headings[above - 1][1].text)


def _answer(document: Document, asked: _Asked, marks: frozenset[int]) -> Text:
    """The answer of a question: what is behind it on its line, and what is nested below."""
    item = asked.item
    if not document.lines[item.index].text[asked.answer :].strip():
        if item.last == item.index:
            return Text("", item.index + 1)
        return nested_text(document, item.index + 1, item.last, marks)
    indent = _content_indent(document, item)
    whole = cut_lines(document, item.index, item.last, column=asked.answer, without=marks, indent=indent)
    return part(whole, 0, len(whole.source))


def _content_indent(document: Document, item: Item) -> int:
    first = next((i for i in range(item.index + 1, item.last + 1) if not document.lines[i].blank), None)
    return columns(document.lines[first].text) if first is not None and is_item(document, first) else item.column


LIST_TREE = Dialect(
    "list",
    "- **question**, then the answer nested below it",
    detect,
    read_notes,
    FEWEST,
    sign=line_start(r"[ \t]*[-*+][ \t]"),
)
