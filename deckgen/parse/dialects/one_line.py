"""Cards on one line: `front :: back`, `front ::: back` asked both ways, `front ;; back`. Read where a tag of the file says that it has cards."""

import re
from collections.abc import Iterator

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document
from deckgen.parse.file_tags import holds_plugin_cards
from deckgen.parse.inline_cards import InlineCard, split_inline
from deckgen.parse.list_items import properties
from deckgen.parse.note_ids import id_behind, id_line, with_id
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.parse.text_parts import part

_MARKER = lazy_pattern(r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|#{1,6}[ \t]+)?")
_TAGS_BEHIND = lazy_pattern(r"(?<![ \t])(?:[ \t]++#[^\s#\d][^\s#]*+)++[ \t]*+$")
_TAGS_BEFORE = lazy_pattern(r"(?:#[^\s#\d][^\s#]*[ \t]+)+")
_COMMENT = lazy_pattern(r"(?:(?<![ \t])[ \t]++)?<!--(?:(?!-->|<!--).)*+-->[ \t]*+$")
_SCHEDULE = lazy_pattern(r"[ \t]*<!--SR:.*-->[ \t]*$")
_MARKERS = lazy_pattern(r"(?:flash)?cards?$", re.I)
_TABLE = lazy_pattern(r"[ \t]*\|")


class _Line(Struct, frozen=True):
    """A line with a card: its index, where its text begins and ends (0-based), the separator in that text, the id and the tags around it."""

    index: int
    start: int
    end: int
    separator: InlineCard
    identifier: str | None
    tags: tuple[str, ...]


def detect(document: Document) -> Detection:
    """Two signs a card: the line, and its separator. Without a tag of the file, the same signs are usual in code and prose."""
    found = len(_cards(document))
    if not found:
        return Detection()
    tagged = holds_plugin_cards(document)
    lacks = "" if tagged else "the file has no tag #flashcards"
    reason = counted(found, "line with ::", "lines with ::")
    return Detection(2 * found, reason, lacks, marked=tagged, tagged=tagged)


def read_notes(document: Document) -> Iterator[Found]:
    tags: tuple[str, ...] = ()
    cards = {card.index: card for card in _cards(document)}
    for i, line in enumerate(document.lines):
        if card := cards.get(i):
            yield from _note(document, card, tags)
        elif line.open and line.text.lstrip().startswith("#") and (found := _deck_tags(line.text)) is not None:
            tags = found
            yield Markup(frozenset((i + 1,)))


def _cards(document: Document) -> list[_Line]:
    named = {each.index for each in properties(document, 0, len(document.lines) - 1)}
    return [card for i in range(len(document.lines)) if i not in named and (card := _card(document, i))]


def _card(document: Document, index: int) -> _Line | None:
    line = document.lines[index]
    if not line.open or not ("::" in line.text or ";;" in line.text) or _TABLE.match(line.text):
        return None
    marker = _MARKER.match(line.text)
    start = marker.end() if marker else 0
    text, identifier = line.text, None
    while (found := id_behind(text)) or _COMMENT.search(text):
        identifier = identifier or (found[1] if found else None)
        text = text[: found[0]] if found else _COMMENT.sub("", text)
    tags: list[str] = []
    if behind := _TAGS_BEHIND.search(text, start):
        tags, text = behind[0].split(), text[: behind.start()]
    if before := _TAGS_BEFORE.match(text, start):
        tags, start = [*before[0].split(), *tags], before.end()
    separator = split_inline(text[start:])
    if separator is None or not separator.clear or document.scan.is_code(line.start + start + separator.start):
        return None
    return _Line(index, start, len(text.rstrip()), separator, identifier, _words(tags))


def _note(document: Document, card: _Line, shared: tuple[str, ...]) -> Iterator[Found]:
    whole = Text(document.lines[card.index].text[card.start : card.end], card.index + 1, card.start + 1)
    front = part(whole, 0, card.separator.start)
    question, attributes = question_text(front.source, front.line, front.column)
    below = document.lines[card.index + 1 : card.index + 3]
    ids = [found for line in below[:1] if (found := id_line(line.text))]
    yield Markup(
        frozenset(line.number for n, line in enumerate(below) if _SCHEDULE.match(line.text) or (n == 0 and ids))
    )
    heading = document.lines[card.index].heading
    section = document.section(card.index, heading.level if heading else 7)
    attributes = with_id(attributes, [card.identifier, *ids], ["reversed"] if card.separator.reversed else [])
    answer = part(whole, card.separator.end, len(whole.source))
    yield RawNote(question, attributes, answer, section, tags=card.tags or shared)


def _deck_tags(text: str) -> tuple[str, ...] | None:
    """The tags of a line of tags that says to which decks the cards below it belong; None for another line."""
    words = text.split()
    if not words or not all(re.fullmatch(r"#[^\s#]+", word) for word in words):
        return None
    return _words(words)


def _words(words: list[str]) -> tuple[str, ...]:
    """Tags as Anki nests them, without the one that only says that there are cards: `#flashcards/a/b` is `a::b`."""
    parts = ([name for name in word.lstrip("#").split("/") if name] for word in words)
    named = (names[1:] if names and _MARKERS.match(names[0]) else names for names in parts)
    return tuple("::".join(names) for names in named if names)


ONE_LINE = Dialect(
    "one-line", "question :: answer, in a file with the tag #flashcards", detect, read_notes, sign=re.compile("::|;;")
)
