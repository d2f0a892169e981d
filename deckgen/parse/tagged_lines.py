"""Lines with a card tag, and the lines of the question and the answer that belong to them."""

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.card_tags import CardTag, card_tag, without_card_tags
from deckgen.parse.document import Document
from deckgen.parse.list_items import Item, list_item, properties
from deckgen.parse.note_ids import id_behind, id_line

_COMMENT = lazy_pattern(r"(?:(?<![ \t])[ \t]++)?<!--(?:(?!-->|<!--).)*+-->[ \t]*+$")
_SEPARATOR = lazy_pattern(r"[ \t]*\?{1,2}[ \t]*$")
_CONTINUES = lazy_pattern(r"[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|>|\||!\[|\$\$|`{3}|~{3}|[ \t]{2})")
_RULE = lazy_pattern(r"[-*_]{3,}[ \t]*$")


class TaggedLine(Struct, frozen=True):
    """A line with a card tag: its index, the tag, the id behind it, and the list item that it begins, if it does."""

    index: int
    tag: CardTag
    identifier: str | None
    item: Item | None


def tagged_lines(document: Document) -> list[TaggedLine]:
    """All lines of a document that are cards by a tag."""
    return [card for i in range(len(document.lines)) if (card := _tagged_line(document, i))]


def _tagged_line(document: Document, i: int) -> TaggedLine | None:
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
    card = TaggedLine(i, tag, identifier, list_item(document, i))
    if (below is not None and _SEPARATOR.match(below.text)) or _asked(document, card) is None:
        return None
    return card


def _asked(document: Document, card: TaggedLine) -> int | None:
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
        if (
            above < 0
            or not lines[above].open
            or card_tag(lines[above].text)
            or properties(document, above, above)
            or (not lines[above].heading and document.is_thematic_break(above))
        ):
            return None
    return above if lines[above].heading else _paragraph_start(document, above)


def question_start(document: Document, card: TaggedLine) -> int:
    """The index of the line where the question of a card begins."""
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
        or _RULE.match(lines[index - 1].text)
    ):
        index -= 1
    return index


def paragraph_answer(document: Document, first: int, end: int) -> int | None:
    """The index of the last line of an answer below a paragraph: up to an id or a rule, else one paragraph and the lists, code and pictures below."""
    lines = document.lines
    end = next((i for i in range(first, end) if lines[i].heading), end)
    for i in range(first, end):
        if id_line(lines[i].text):
            return next((k - 1 for k in range(i + 1, end) if not id_line(lines[k].text)), end - 1)
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


def untagged_section(document: Document, index: int, level: int = 7) -> tuple[str, ...]:
    """The section of a note, without the tags of the headings that are cards too."""
    return without_card_tags(document.section(index, level))
