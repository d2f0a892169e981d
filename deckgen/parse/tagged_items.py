"""Cards by a tag whose answer is nested in a list, as Logseq has them, or behind the question on its line."""

from collections.abc import Iterator, Mapping, Set

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_fields import statement
from deckgen.parse.curly_clozes import CURLY, HIGHLIGHT, LOGSEQ, has_clozes_of, with_clozes_of
from deckgen.parse.dialect import Found
from deckgen.parse.document import Document
from deckgen.parse.inline_cards import InlineCard, split_inline
from deckgen.parse.list_items import Item, Property, list_item, nested_text, org_signs, properties
from deckgen.parse.note_ids import with_id
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.parse.tagged_lines import TaggedLine, untagged_section
from deckgen.parse.text_parts import part, split_front, visible
from deckgen.problems import Problem, Severity

_HASHES = lazy_pattern(r"#{1,6}[ \t]+")
_NUMBERED_CLOZE = lazy_pattern(r"\{\{c\d{1,3}[ \t]+[^{}]")
_TOP = lazy_pattern(r"[\w-]+::")
_CLOZES = (CURLY, HIGHLIGHT, LOGSEQ)


def item_note(document: Document, card: TaggedLine, item: Item, tagged: Set[int]) -> Iterator[Found]:
    """The note of an item of a list. Items in it that are cards too, on the lines with the indices `tagged`, are not in its answer."""
    line = document.lines[item.index].text
    hashes = _HASHES.match(line, item.column)
    column = hashes.end() if hashes else item.column
    front = part(Text(line, item.index + 1), column, max(column, card.tag.start))
    named = properties(document, item.index + 1, item.last)
    marks = frozenset(each.index + 1 for each in named) | org_signs(document, item.index + 1, item.last)
    yield Markup(marks)
    inner = {n + 1 for i in range(item.index + 1, item.last + 1) if i in tagged for n in _subtree(document, i)}
    answer, given = _nested(document, item, marks, inner)
    inline = split_inline(front.source)
    own = [each for each in named if item.below is None or each.index < item.below]
    values = {each.key: each.value for each in (*page_properties(document), *own)}
    if inline and (inline.clear or not answer.source):
        found: RawNote | None = inline_note(document, card, front, inline)
    else:
        found = _question_or_cloze(document, item, front, answer, given)
    if found:
        yield _with_properties(found, card.tag.tags, card.tag.reversed, card.identifier, values)
    else:
        yield unanswered_card(document, item.index)


def _nested(document: Document, item: Item, marks: frozenset[int], inner: Set[int]) -> tuple[Text, tuple[Text, ...]]:
    """The answer nested in an item, and what is given: lines of the item's own text, where a list is below them."""
    first = item.index + 1
    if item.last == item.index:
        return Text("", first), ()
    if item.below is None or item.below == first:
        return nested_text(document, first, item.last, marks | inner), ()
    above = nested_text(document, first, item.below - 1, marks)
    answer = nested_text(document, item.below, item.last, marks | inner)
    return answer, (above,) if above.source else ()


def _question_or_cloze(
    document: Document, item: Item, front: Text, answer: Text, given: tuple[Text, ...]
) -> RawNote | None:
    section = untagged_section(document, item.index)
    if answer.source and front.source:
        question, attributes, more = split_front(front)
        return RawNote(question, attributes, with_clozes_of(answer, LOGSEQ), section, given=(*more, *given))
    if not has_clozes_of(front.source, *_CLOZES):
        return None
    return replace(statement(document, item.index, front, with_clozes_of(front, *_CLOZES)), section=section)


def cloze_items(document: Document, tagged: Set[int]) -> Iterator[tuple[int, Item]]:
    """The items with clozes that have a number, `{{c1 text}}`, which are cards without a tag: their indices, none in a card by a tag."""
    taken = {n for i in tagged for n in _subtree(document, i)}
    for i, line in enumerate(document.lines):
        if (
            i not in taken
            and "{{c" in line.text
            and _NUMBERED_CLOZE.search(visible(line.text))
            and (item := list_item(document, i))
        ):
            yield i, item


def cloze_item_note(document: Document, item: Item) -> Iterator[Found]:
    """The note of an item with such clozes. What is nested below it is no part of it."""
    named = properties(document, item.index + 1, item.last if item.below is None else item.below - 1)
    yield Markup(frozenset(each.index + 1 for each in named))
    line = document.lines[item.index].text
    front = part(Text(line, item.index + 1), item.column, len(line))
    note = statement(document, item.index, front, with_clozes_of(front, LOGSEQ))
    values = {each.key: each.value for each in (*page_properties(document), *named)}
    yield _with_properties(note, (), False, None, values)


def page_properties(document: Document) -> list[Property]:
    """The deck and the tags that the first lines of a page set for all its cards."""
    end = next((i for i, line in enumerate(document.lines) if not line.blank and not _TOP.match(line.text)), 0)
    return [each for each in properties(document, 0, end - 1) if each.key in ("deck", "tags")] if end else []


def _with_properties(
    note: RawNote, tags: tuple[str, ...], both: bool, identifier: str | None, values: Mapping[str, str]
) -> RawNote:
    """The note with what the properties of its block say: its id, its tags, its deck. Logseq nests names by `/`."""
    more = (word.strip(" []#").replace("/", "::") for word in values.get("tags", "").split(","))
    return replace(
        note,
        attributes=with_id(note.attributes, [identifier, values.get("id")], ["reversed"] if both else []),
        tags=(*tags, *filter(None, more)),
        deck=values.get("deck", "").strip("[] ").replace("/", "::"),
    )


def _subtree(document: Document, index: int) -> range:
    item = list_item(document, index)
    return range(index, (item.last if item else index) + 1)


def inline_note(document: Document, card: TaggedLine, front: Text, inline: InlineCard) -> RawNote:
    """The note of a line that holds the question and the answer."""
    asked, answer = part(front, 0, inline.start), part(front, inline.end, len(front.source))
    question, attributes = question_text(asked.source, asked.line, asked.column)
    classes = ["reversed"] if inline.reversed or card.tag.reversed else []
    attributes = with_id(attributes, [card.identifier], classes)
    return RawNote(question, attributes, answer, untagged_section(document, card.index), tags=card.tag.tags)


def unanswered_card(document: Document, index: int) -> Problem:
    """The problem of a question that nothing answers."""
    return document.problem(index + 1, "the question has no answer", code="answer-missing", severity=Severity.WARNING)
