"""Questions as numbered paragraphs or list items: `1、question`, then the answer, often with the label `答：`."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from deckgen.parse.answer_ends import before_outdented
from deckgen.parse.answer_labels import answer_label
from deckgen.parse.block_notes import unanswered
from deckgen.parse.bodies import read_body
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document
from deckgen.parse.question import Markup, RawNote, is_question, question_text
from deckgen.parse.texts import common_indent, cut_lines
from deckgen.problems import Severity

_MARKER = re.compile(
    r" {0,3}(?P<word>[Qq](?:uestion)?[ \t]*|问题?[ \t]*|题目?[ \t]*|第[ \t]*)?(?P<number>\d{1,4})[ \t]*(?P<sign>\\?[.)]|[、．）:：]|[题问][：:、.]?)(?!\d)[ \t]*"
)
_INLINE_ANSWER = re.compile(r"[ \t]*(?:答案?|A)[：:][ \t]*")
FEWEST = 4
FEWEST_LABELLED = 3
FEWEST_WORDED = 2
"""Of questions that begin with a word and a number, `Q1.`, two are enough."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A numbered paragraph: its line, where its text begins (0-based), and the index behind the last line of its body."""

    index: int
    column: int
    number: int
    style: str
    end: int = 0


def detect(document: Document) -> Detection:
    """How many numbered questions ask or have a labelled answer."""
    every = _items(document)
    items = [item for item in every if _has_body(document, item)]
    asking = sum(is_question(_line_text(document, item)) for item in items)
    labelled = sum(_is_labelled(document, item) for item in items)
    if not items:
        return Detection()
    reason = counted(len(items), "numbered paragraph with text below", "numbered paragraphs with text below")
    reason += f", of which {asking} ask and {labelled} have a labelled answer"
    worded = "word" in items[0].style and max(asking, labelled) >= FEWEST_WORDED and 2 * asking >= len(items)
    enough = worded or (
        len(items) >= FEWEST and (labelled >= FEWEST_LABELLED or (asking >= FEWEST and 2 * asking >= len(items)))
    )
    lacks = "" if enough else f"it takes {FEWEST} that ask, or {FEWEST_LABELLED} with a label as 答："
    if 2 * len(items) < len(every):
        lacks = f"of {len(every)} numbered lines half are to have text below"
    return Detection(max(asking, labelled) + labelled or len(items), reason, lacks, weak=not asking and not labelled)


def read_notes(document: Document) -> Iterator[Found]:
    for item in _items(document):
        yield from _note(document, item)


def _note(document: Document, item: _Item) -> Iterator[Found]:
    line = document.lines[item.index].text
    section = document.section(item.index)
    inline = next((m for m in _INLINE_ANSWER.finditer(line, item.column + 1) if _parts(line, m)), None)
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


def _parts(line: str, label: re.Match[str]) -> bool:
    """Whether a label in a line parts a question from its answer: something that ends a sentence, or blanks, is before it."""
    before = line[: label.start()]
    return bool(line[label.end() :].strip()) and (label[0][0] in " \t" or before.rstrip()[-1:] in "?？。.!！")


def _indent(document: Document, item: _Item) -> int:
    return common_indent(document, item.index + 1, item.end - 1)


def _items(document: Document) -> list[_Item]:
    """The numbered questions of a document: paragraphs of one style whose numbers count on, or begin again below a heading."""
    found = [item for i in range(len(document.lines)) if (item := _item(document, i))]
    style = _style(document, found)
    items: list[_Item] = []
    for item in found:
        if item.style == style and (not items or _counts_on(document, items[-1], item)):
            items.append(item)
    return [replace(item, end=_end(document, item, items[n + 1 : n + 2])) for n, item in enumerate(items)]


def _item(document: Document, i: int) -> _Item | None:
    line = document.lines[i]
    match = _MARKER.match(line.text) if line.open and not line.heading else None
    if match is None:
        return None
    indent = len(line.text) - len(line.text.lstrip(" "))
    style = f"{indent} {'word' if match['word'] else ''} {match['sign'].strip(chr(92))}"
    return _Item(i, match.end(), int(match["number"]), style)


def _style(document: Document, items: list[_Item]) -> str:
    """The signs behind the numbers of those that ask, or have a labelled answer below."""
    votes = Counter[str]()
    for item in items:
        below = next((line for line in document.lines[item.index + 1 :] if not line.blank), None)
        votes[item.style] += 1 + 4 * is_question(_line_text(document, item))
        votes[item.style] += 4 * (below is not None and answer_label(below) is not None)
    return max(votes, key=lambda style: votes[style], default="")


def _counts_on(document: Document, before: _Item, item: _Item) -> bool:
    if item.number == before.number + 1:
        return True
    parted = document.headings_from(item.index) > document.headings_from(before.index)
    return item.number > before.number + 1 or (parted and item.number in (0, 1))


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
    below = next((line for line in document.lines[item.index + 1 : item.end] if not line.blank), None)
    return below is not None and answer_label(below) is not None


NUMBERED = Dialect("numbered", "1、question, then the answer, as 答：…", detect, read_notes, FEWEST)
