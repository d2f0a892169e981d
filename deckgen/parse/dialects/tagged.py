"""Cards by a tag, `question #card`, on a heading, a paragraph or an item of a list, as Obsidian, NeuraCache and Logseq have them."""

import re
from collections.abc import Iterator

from deckgen.model import Text
from deckgen.parse.dialect import Detection, Dialect, Found, counted, detected
from deckgen.parse.document import Document
from deckgen.parse.inline_cards import split_inline
from deckgen.parse.note_ids import id_behind, id_line, with_id
from deckgen.parse.question import Attributes, Markup, RawNote, question_text
from deckgen.parse.tagged_items import (
    cloze_item_note,
    cloze_items,
    inline_note,
    item_note,
    page_properties,
    unanswered_card,
)
from deckgen.parse.tagged_lines import TaggedLine, paragraph_answer, question_start, tagged_lines, untagged_section
from deckgen.parse.text_parts import part, split_front
from deckgen.parse.texts import cut_lines
from deckgen.problems import Severity


def detect(document: Document) -> Detection:
    """Three signs a card: the line, its tag, and the answer below."""
    cards = tagged_lines(document)
    clozes = sum(1 for _ in cloze_items(document, {card.index for card in cards}))
    found = detected(len(cards), 1, "line with #card", lines=3, things="lines with #card", marked=True)
    if not clozes:
        return found
    reason = counted(clozes, "list item with {{c1 …}}", "list items with {{c1 …}}")
    return Detection(found.strength + 2 * clozes, ", ".join(filter(None, (found.reason, reason))), marked=True)


def read_notes(document: Document) -> Iterator[Found]:
    cards = tagged_lines(document)
    starts = [question_start(document, card) for card in cards]
    tagged = {card.index for card in cards}
    clozes = list(cloze_items(document, tagged))
    if any(card.item for card in cards) or clozes:
        yield Markup(frozenset(each.index + 1 for each in page_properties(document)))
    for n, card in enumerate(cards):
        while clozes and clozes[0][0] < starts[n]:
            yield from cloze_item_note(document, clozes.pop(0)[1])
        end = starts[n + 1] if n + 1 < len(cards) else len(document.lines)
        if card.item:
            yield from item_note(document, card, card.item, tagged)
        elif document.lines[starts[n]].heading:
            yield from _from_heading(document, card, starts[n], end, tagged)
        else:
            yield from _from_paragraph(document, card, starts[n], end)
    for _, item in clozes:
        yield from cloze_item_note(document, item)


def _from_heading(document: Document, card: TaggedLine, start: int, end: int, tagged: set[int]) -> Iterator[Found]:
    heading = document.lines[start].heading
    assert heading is not None, "a card of this kind has a heading"
    length = card.tag.start - heading.column + 1 if start == card.index else len(heading.text)
    question, attributes = question_text(heading.text[: max(length, 0)], start + 1, heading.column)
    first = document.headings_from(card.index + 1)
    following = (document.headings[n] for n in range(first, len(document.headings)))
    section_end = next((i for i, other in following if other.level <= heading.level), len(document.lines))
    last = min(section_end, end)
    if first < len(document.headings) and any(i in tagged for i in range(card.index + 1, section_end)):
        last = min(last, document.headings[first][0])
    attached = card.index + 1 < last and not document.lines[card.index + 1].blank
    if attached and (paragraph := paragraph_answer(document, card.index + 1, last)) is not None:
        last = paragraph + 1
    if start != card.index:
        yield Markup(frozenset((card.index + 1,)))
    section = untagged_section(document, start, heading.level)
    yield from _note(document, card, question, attributes, (), (card.index + 1, last - 1), section)


def _from_paragraph(document: Document, card: TaggedLine, start: int, end: int) -> Iterator[Found]:
    text = cut_lines(document, start, card.index)
    front = part(text, 0, text.source.rfind("\n") + 1 + card.tag.start)
    inline = split_inline(front.source)
    if inline and inline.clear:
        yield inline_note(document, card, front, inline)
        return
    question, attributes, given = split_front(front)
    last = paragraph_answer(document, card.index + 1, end)
    if card.index != start and not document.lines[card.index].text[: card.tag.start].strip():
        yield Markup(frozenset((card.index + 1,)))
    if last is None and inline:
        yield inline_note(document, card, front, inline)
        return
    yield from _note(
        document,
        card,
        question,
        attributes,
        given,
        (card.index + 1, card.index if last is None else last),
        untagged_section(document, start),
    )


def _note(
    document: Document,
    card: TaggedLine,
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
        yield unanswered_card(document, question.line - 1)
    else:
        identifiers = [card.identifier, *ids.values(), behind[1] if behind else None]
        attributes = with_id(attributes, identifiers, ["reversed"] if card.tag.reversed else [])
        yield RawNote(question, attributes, answer, section, given=given, tags=card.tag.tags)


TAGGED = Dialect(
    "tagged", "question #card, then the answer below it", detect, read_notes, sign=re.compile(r"#(?![#\s])|\[\[|\{\{c")
)
