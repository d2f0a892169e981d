"""Questions as numbered paragraphs or list items: `1、question`, then the answer, often with the label `答：`."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.answer_ends import before_outdented
from deckgen.parse.answer_labels import answer_label
from deckgen.parse.block_notes import unanswered
from deckgen.parse.bodies import read_body
from deckgen.parse.dialect import Detection, Dialect, Found, counted, line_start
from deckgen.parse.document import Document
from deckgen.parse.question import Markup, RawNote, is_question, question_text
from deckgen.parse.texts import common_indent, cut_lines
from deckgen.problems import Problem, Severity

_MARKER = lazy_pattern(
    r" {0,3}(?P<word>[Qq](?:uestion)?[ \t]*|问题?[ \t]*|题目?[ \t]*|第[ \t]*)?(?P<number>\d{1,4})[ \t]*(?P<sign>\\?[.)]|[、．）:：]|[题问][：:、.]?)(?!\d)[ \t]*"
)
_INLINE_ANSWER = lazy_pattern(r"(?:(?<![ \t])[ \t]++)?(?:答案?|A)[：:][ \t]*+")
_IN_ANSWER = "this could be the next question, and is read as part of the answer above"
_MAY_BE_LISTED = "this is read as a question, and could be an item of the list above"
_UNAMBIGUOUS = (
    "indent lists in answers; mark questions with ? or an answer label 答：; begin again at 1 only below a heading"
)
FEWEST = 4
FEWEST_LABELLED = 3
FEWEST_WORDED = 2
"""Of questions that begin with a word and a number, `Q1.`, two are enough."""


class _Item(Struct, frozen=True):
    """A numbered paragraph: its line, where its text begins (0-based), and the index behind the last line of its body.

    `clarity` is 2 where its answer has a label, 1 where it only asks, 0 where it may as well be an item of a list.
    """

    index: int
    column: int
    number: int
    style: str
    clarity: int
    end: int = 0


def detect(document: Document) -> Detection:
    """How many numbered questions ask or have a labelled answer."""
    every, _ = _items(document)
    items = [item for item in every if _has_body(document, item)]
    asking = sum(is_question(_line_text(document, item)) for item in items)
    labelled = sum(_is_labelled(document, item) for item in items)
    if not items:
        return Detection()
    reason = counted(len(items), "numbered paragraph with text below", "numbered paragraphs with text below")
    reason += f", of which {asking} ask and {labelled} have a labelled answer"
    worded = "word" in items[0].style and max(asking, labelled) >= FEWEST_WORDED and 2 * asking >= len(items)
    lacks = "" if worded or labelled >= FEWEST_LABELLED else _lacks(asking, len(items))
    if 2 * len(items) < len(every):
        lacks = f"of {len(every)} numbered lines half are to have text below"
    return Detection(max(asking, labelled) + labelled or len(items), reason, lacks, weak=not asking and not labelled)


def _lacks(asking: int, items: int) -> str:
    """What is missing for `asking` of so many items to be questions whose answers have no labels, "" if nothing is."""
    if asking < FEWEST:
        return f"it takes {FEWEST} that ask, or {FEWEST_LABELLED} with a label as 答："
    return "" if 2 * asking >= items else f"half are to ask, or {FEWEST_LABELLED} to have a label as 答："


def read_notes(document: Document) -> Iterator[Found]:
    items, problems = _items(document)
    yield from problems
    for item in items:
        yield from _note(document, item)


def _note(document: Document, item: _Item) -> Iterator[Found]:
    line = document.lines[item.index].text
    section = document.section(item.index)
    inline = _inline_answer(line, item.column)
    if inline:
        question, attributes = question_text(line[item.column : inline.start()], item.index + 1, item.column + 1)
        answer = cut_lines(document, item.index, item.end - 1, column=inline.end(), indent=_indent(document, item))
        yield RawNote(question, attributes, answer, section)
        return
    first = item.index + 1
    question, attributes = question_text(line[item.column :], item.index + 1, item.column + 1)
    body = read_body(document, first, item.end - 1, indent=_indent(document, item))
    yield Markup(body.marks)
    if not question.source:
        yield document.problem(
            item.index + 1, "the question is empty", code="question-missing", severity=Severity.WARNING
        )
    elif not body.answer.source:
        yield unanswered(document, item.index + 1)
    else:
        yield RawNote(question, attributes, body.answer, section, given=body.given)


def _inline_answer(line: str, column: int) -> re.Match[str] | None:
    """The label that parts a question, which begins at the character `column`, from an answer in the same line."""
    return next((match for match in _INLINE_ANSWER.finditer(line, column + 1) if _parts(line, match)), None)


def _parts(line: str, label: re.Match[str]) -> bool:
    """Whether a label in a line parts a question from its answer: something that ends a sentence, or blanks, is before it."""
    before = line[: label.start()]
    return bool(line[label.end() :].strip()) and (label[0][0] in " \t" or before.rstrip()[-1:] in "?？。.!！")


def _indent(document: Document, item: _Item) -> int:
    return common_indent(document, item.index + 1, item.end - 1)


def _items(document: Document) -> tuple[list[_Item], list[Problem]]:
    """The numbered questions of a document, and warnings at lines that are read as a question or a list item without certainty.

    Questions are paragraphs of one style whose numbers count on, or begin again below a heading. A list in an answer is none.
    """
    found = [item for i in range(len(document.lines)) if (item := _item(document, i))]
    style = _style(found)
    same = [item for item in found if item.style == style]
    items: list[_Item] = []
    problems: list[Problem] = []
    listed: _Item | None = None
    for n, item in enumerate(same):
        continues = listed is not None and _continues(document, listed, item)
        before = items[-1] if items else None
        lowest = _lowest(document, before, item)
        doubt = ""
        if lowest is None:
            doubt = _IN_ANSWER if item.clarity else ""
            listed = item if continues or item.number in (0, 1) else listed
        elif (continues or not item.clarity) and _is_outdone(document, item, lowest, same[n + 1 :]):
            doubt = _IN_ANSWER if before and (item.clarity or not continues) else ""
            listed = item if continues else listed
        elif continues and listed and _is_list_item(document, listed, item):
            doubt = _IN_ANSWER if _has_blank_above(document, item) else ""
            listed = item
        else:
            doubt = _MAY_BE_LISTED if continues and not item.clarity else ""
            items.append(item)
            listed = None
        if doubt:
            problems.append(_doubtful(document, item, doubt))
    return [replace(item, end=_end(document, item, items[n + 1 : n + 2])) for n, item in enumerate(items)], problems


def _lowest(document: Document, before: _Item | None, item: _Item) -> int | None:
    """The lowest number that the next question could have at an item, None where the item is no next question."""
    if before is None or (item.number in (0, 1) and _heading_between(document, before, item)):
        return 0
    return before.number + 1 if item.number > before.number else None


def _continues(document: Document, listed: _Item, item: _Item) -> bool:
    """Whether an item has the number after the last one of a list in the answer."""
    return item.number == listed.number + 1 and not _heading_between(document, listed, item)


def _is_outdone(document: Document, item: _Item, lowest: int, following: list[_Item]) -> bool:
    """Whether a later item that is more clearly a question has the number of the next one: `lowest`, or up to that of the item."""
    for other in following:
        if other.number in (0, 1) and _heading_between(document, item, other):
            return False
        if other.clarity > item.clarity:
            return lowest <= other.number <= item.number
    return False


def _is_list_item(document: Document, listed: _Item, item: _Item) -> bool:
    """Whether an item that nothing marks as a question is written like the list that it continues."""
    return not item.clarity and (not _has_blank_above(document, item) or _has_blank_above(document, listed))


def _has_blank_above(document: Document, item: _Item) -> bool:
    return item.index > 0 and document.lines[item.index - 1].blank


def _heading_between(document: Document, before: _Item, item: _Item) -> bool:
    return document.headings_from(item.index) > document.headings_from(before.index)


def _doubtful(document: Document, item: _Item, message: str) -> Problem:
    return document.problem(
        item.index + 1, message, code="question-missed", severity=Severity.WARNING, hint=_UNAMBIGUOUS
    )


def _item(document: Document, i: int) -> _Item | None:
    line = document.lines[i]
    match = _MARKER.match(line.text) if line.open and not line.heading else None
    if match is None:
        return None
    indent = len(line.text) - len(line.text.lstrip(" "))
    style = f"{indent} {'word' if match['word'] else ''} {match['sign'].strip(chr(92))}"
    return _Item(i, match.end(), int(match["number"]), style, _clarity(document, i, match.end()))


def _clarity(document: Document, i: int, column: int) -> int:
    text = document.lines[i].text
    if _label_below(document, i + 1, len(document.lines)) or _inline_answer(text, column):
        return 2
    return int(is_question(text[column:]))


def _style(items: list[_Item]) -> str:
    """The signs behind the numbers of those that ask, or have a labelled answer."""
    votes = Counter[str]()
    for item in items:
        votes[item.style] += 1 + 4 * item.clarity
    return max(votes, key=lambda style: votes[style], default="")


def _end(document: Document, item: _Item, following: list[_Item]) -> int:
    """The index behind the body of a question: before the next one, a heading, or a rule."""
    end = before_outdented(document, item.index + 1, following[0].index if following else len(document.lines))
    return next(
        (i for i in range(item.index + 1, end) if document.lines[i].heading or document.is_thematic_break(i)), end
    )


def _line_text(document: Document, item: _Item) -> str:
    return document.lines[item.index].text[item.column :]


def _has_body(document: Document, item: _Item) -> bool:
    return any(not line.blank for line in document.lines[item.index + 1 : item.end]) or bool(
        _INLINE_ANSWER.search(document.lines[item.index].text, item.column + 1)
    )


def _is_labelled(document: Document, item: _Item) -> bool:
    return _label_below(document, item.index + 1, item.end)


def _label_below(document: Document, first: int, end: int) -> bool:
    """Whether the first line that is not blank, of those with indices from `first` to before `end`, begins with an answer's label."""
    below = next((line for line in document.lines[first:end] if not line.blank), None)
    return below is not None and answer_label(below) is not None


NUMBERED = Dialect(
    "numbered", "1、question, then the answer, as 答：…", detect, read_notes, FEWEST, sign=line_start(_MARKER.pattern)
)
