"""Cards by a tag, `question #card`, on a heading, a paragraph or an item of a list, as Obsidian, NeuraCache and Logseq have them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from deckgen.model import Text
from deckgen.parse.block_fields import statement
from deckgen.parse.card_tags import CardTag, card_tag, without_card_tags
from deckgen.parse.curly_clozes import CURLY, HIGHLIGHT, LOGSEQ, has_clozes_of, with_clozes_of
from deckgen.parse.dialect import Detection, Dialect, Found, detected
from deckgen.parse.document import Document
from deckgen.parse.inline_cards import split_inline
from deckgen.parse.list_items import Item, list_item, nested_text, properties
from deckgen.parse.note_ids import id_behind, id_line, with_id
from deckgen.parse.question import Attributes, Markup, RawNote, question_text
from deckgen.parse.text_parts import part, split_front
from deckgen.parse.texts import cut_lines
from deckgen.problems import Severity

_COMMENT = re.compile(r"[ \t]*<!--(?:(?!-->).)*-->[ \t]*$")
_SEPARATOR = re.compile(r"[ \t]*\?{1,2}[ \t]*$")
_HASHES = re.compile(r"#{1,6}[ \t]+")
_CONTINUES = re.compile(r"[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|>|\||!\[|\$\$|`{3}|~{3}|[ \t]{2})")


@dataclass(frozen=True, slots=True)
class _Card:
    """A line with a card tag: its index, the tag, the id behind it, and the list item that it begins, if it does."""

    index: int
    tag: CardTag
    identifier: str | None
    item: Item | None


def detect(document: Document) -> Detection:
    """Three signs a card: the line, its tag, and the answer below."""
    return detected(len(_cards(document)), 1, "line with #card", lines=3, things="lines with #card", marked=True)


def read_notes(document: Document) -> Iterator[Found]:
    cards = _cards(document)
    starts = [_start(document, card) for card in cards]
    tagged = {card.index for card in cards}
    for n, card in enumerate(cards):
        end = starts[n + 1] if n + 1 < len(cards) else len(document.lines)
        if card.item:
            yield from _from_item(document, card, card.item, tagged)
        elif document.lines[card.index].heading or _is_below_heading(document, starts[n], card):
            yield from _from_heading(document, card, starts[n], end, tagged)
        else:
            yield from _from_paragraph(document, card, starts[n], end)


def _cards(document: Document) -> list[_Card]:
    return [card for i in range(len(document.lines)) if (card := _card(document, i))]


def _card(document: Document, i: int) -> _Card | None:
    line = document.lines[i]
    if not line.open or ("ard" not in line.text and "#" not in line.text):
        return None
    text, identifier = _COMMENT.sub("", line.text) if not id_behind(line.text) else line.text, None
    if found := id_behind(text):
        text, identifier = text[: found[0]], found[1]
    tag = card_tag(text)
    if tag is None or document.scan.is_code(line.start + tag.start):
        return None
    below = next((each for each in document.lines[i + 1 :] if not each.blank), None)
    card = _Card(i, tag, identifier, list_item(document, i))
    if (below is not None and _SEPARATOR.match(below.text)) or _asked(document, card) is None:
        return None
    return card


def _asked(document: Document, card: _Card) -> int | None:
    """The index of the line where the question begins: the card's own, or above a line that holds the tag alone."""
    lines = document.lines
    if card.item:
        return card.index
    alone = not lines[card.index].text[: card.tag.start].strip(" \t#")
    if not alone and lines[card.index].heading:
        return card.index
    above = card.index
    if alone:
        above = next((i for i in range(card.index - 1, -1, -1) if not lines[i].blank), -1)
        if above < 0 or not lines[above].open or (not lines[above].heading and document.is_thematic_break(above)):
            return None
    return above if lines[above].heading else _paragraph_start(document, above)


def _start(document: Document, card: _Card) -> int:
    asked = _asked(document, card)
    assert asked is not None, "a card has a question"
    return asked


def _paragraph_start(document: Document, index: int) -> int:
    """The index of the first line of the paragraph that the line at `index` is in."""
    lines = document.lines
    while index and not (
        lines[index - 1].blank
        or not lines[index - 1].open
        or lines[index - 1].heading
        or id_line(lines[index - 1].text)
        or card_tag(lines[index - 1].text)
        or re.match(r"[-*_]{3,}[ \t]*$", lines[index - 1].text)
    ):
        index -= 1
    return index


def _is_below_heading(document: Document, start: int, card: _Card) -> bool:
    return start < card.index and document.lines[start].heading is not None


def _from_heading(document: Document, card: _Card, start: int, end: int, tagged: set[int]) -> Iterator[Found]:
    heading = document.lines[start].heading
    assert heading is not None, "a card of this kind has a heading"
    length = card.tag.start - heading.column + 1 if start == card.index else len(heading.text)
    question, attributes = question_text(heading.text[: max(length, 0)], start + 1, heading.column)
    below = [(i, other) for i, other in document.headings if card.index < i < end]
    last = next((i for i, other in below if other.level <= heading.level), end)
    section_end = next(
        (i for i, other in document.headings if i > card.index and other.level <= heading.level), len(document.lines)
    )
    if any(card.index < i < section_end for i in tagged):
        last = min([last, *(i for i, _ in below)])
    if start != card.index:
        yield Markup(frozenset((card.index + 1,)))
    section = _section(document, start, heading.level)
    yield from _note(document, card, question, attributes, (), (card.index + 1, last - 1), section)


def _from_paragraph(document: Document, card: _Card, start: int, end: int) -> Iterator[Found]:
    text = cut_lines(document, start, card.index)
    line = document.lines[card.index]
    front = part(text, 0, len(text.source) - (len(line.text.rstrip(" \t")) - card.tag.start))
    inline = split_inline(front.source)
    if inline and inline.clear:
        yield _inline_note(document, card, front, inline.start, inline.end, inline.reversed)
        return
    question, attributes, given = split_front(front)
    last = _paragraph_answer(document, card.index + 1, end)
    if card.index != start and not document.lines[card.index].text[: card.tag.start].strip():
        yield Markup(frozenset((card.index + 1,)))
    if last is None and inline:
        yield _inline_note(document, card, front, inline.start, inline.end, inline.reversed)
        return
    yield from _note(
        document,
        card,
        question,
        attributes,
        given,
        (card.index + 1, card.index if last is None else last),
        _section(document, start),
    )


def _paragraph_answer(document: Document, first: int, end: int) -> int | None:
    """The index of the last line of an answer below a paragraph: up to an id or a rule, else one paragraph and the lists, code and pictures below."""
    lines = document.lines
    end = next((i for i in range(first, end) if lines[i].heading), end)
    for i in range(first, end):
        if id_line(lines[i].text):
            return i
        if document.is_thematic_break(i):
            return i - 1 if any(not line.blank for line in lines[first:i]) else None
    start = next((i for i in range(first, end) if not lines[i].blank), None)
    if start is None:
        return None
    last = start
    for i in range(start + 1, end):
        if lines[i].blank and lines[i].open:
            continue
        if lines[i - 1].blank and lines[i - 1].open and not _CONTINUES.match(lines[i].text):
            break
        last = i
    return last


def _from_item(document: Document, card: _Card, item: Item, tagged: set[int]) -> Iterator[Found]:
    line = document.lines[item.index]
    hashes = _HASHES.match(line.text, item.column)
    column = hashes.end() if hashes else item.column
    front = part(Text(line.text, item.index + 1), column, max(column, card.tag.start))
    inner = {n + 1 for i in tagged if item.index < i <= item.last for n in _subtree(document, i)}
    named = properties(document, item.index + 1, item.last)
    marks = frozenset(each.index + 1 for each in named)
    own = [each for each in named if item.below is None or each.index < item.below]
    yield Markup(marks)
    inline = split_inline(front.source)
    first = item.index + 1
    answer = nested_text(document, first, item.last, marks | inner) if item.last > item.index else Text("", first)
    if inline and (inline.clear or not answer.source):
        yield _inline_note(document, card, front, inline.start, inline.end, inline.reversed)
        return
    given: tuple[Text, ...] = ()
    if item.below is not None and item.below > first and not inner:
        above = nested_text(document, first, item.below - 1, marks)
        answer = nested_text(document, item.below, item.last, marks)
        given = (above,) if above.source else ()
    if not answer.source and has_clozes_of(front.source, CURLY, HIGHLIGHT, LOGSEQ):
        found = statement(document, item.index, front, with_clozes_of(front, CURLY, HIGHLIGHT, LOGSEQ))
        found = replace(found, section=_section(document, item.index))
    elif not answer.source:
        yield _unanswered(document, item.index)
        return
    else:
        question, attributes, more = split_front(front)
        answer = with_clozes_of(answer, LOGSEQ)
        found = RawNote(question, attributes, answer, _section(document, item.index), given=(*more, *given))
    values = {each.key: each.value for each in own}
    tags = (
        *card.tag.tags,
        *(word.strip() for word in values.get("tags", "").replace("[[", "").replace("]]", "").split(",")),
    )
    identifiers = [card.identifier, values.get("id")]
    yield replace(
        found,
        attributes=with_id(found.attributes, identifiers, ["reversed"] if card.tag.reversed else []),
        tags=tuple(filter(None, tags)),
        deck=values.get("deck", "").strip("[] "),
    )


def _section(document: Document, index: int, level: int = 7) -> tuple[str, ...]:
    return without_card_tags(document.section(index, level))


def _subtree(document: Document, index: int) -> range:
    item = list_item(document, index)
    return range(index, (item.last if item else index) + 1)


def _note(
    document: Document,
    card: _Card,
    question: Text,
    attributes: Attributes,
    given: tuple[Text, ...],
    lines: tuple[int, int],
    section: tuple[str, ...],
) -> Iterator[Found]:
    """The note of a question and of the lines from one index to another, both included: ids among them are no part of the answer."""
    first, last = lines
    ids = {i + 1: found for i in range(first, last + 1) if (found := id_line(document.lines[i].text))}
    yield Markup(frozenset(ids))
    answer = cut_lines(document, first, last, without=set(ids)) if first <= last else Text("", first)
    behind = id_behind(answer.source)
    if behind:
        answer = part(answer, 0, behind[0])
    if not question.source:
        yield document.problem(
            card.index + 1, "the question is empty", code="question-missing", severity=Severity.WARNING
        )
    elif not answer.source:
        yield _unanswered(document, question.line - 1)
    else:
        identifiers = [card.identifier, *ids.values(), behind[1] if behind else None]
        attributes = with_id(attributes, identifiers, ["reversed"] if card.tag.reversed else [])
        yield RawNote(question, attributes, answer, section, given=given, tags=card.tag.tags)


def _inline_note(document: Document, card: _Card, front: Text, start: int, end: int, both: bool) -> RawNote:
    """The note of a line that holds the question and the answer."""
    asked, answer = part(front, 0, start), part(front, end, len(front.source))
    question, attributes = question_text(asked.source, asked.line, asked.column)
    classes = ["reversed"] if both or card.tag.reversed else []
    attributes = with_id(attributes, [card.identifier], classes)
    return RawNote(question, attributes, answer, _section(document, card.index), tags=card.tag.tags)


def _unanswered(document: Document, index: int) -> Found:
    return document.problem(index + 1, "the question has no answer", code="answer-missing", severity=Severity.WARNING)


TAGGED = Dialect("tagged", "question #card, then the answer below it", detect, read_notes)
