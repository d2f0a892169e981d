"""Sections of inka, between two rules: `1. question`, then the answer as a block quote; or `1. text with {clozes}`."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.block_fields import statement
from deckgen.parse.curly_clozes import CURLY, with_clozes_of
from deckgen.parse.dialect import Detection, Dialect, Found, counted, line_start
from deckgen.parse.document import Document
from deckgen.parse.note_ids import id_line, with_id
from deckgen.parse.question import Markup, RawNote, is_question
from deckgen.parse.text_parts import part, split_front, unquoted
from deckgen.parse.texts import cut_lines
from deckgen.problems import Severity

_RULE = lazy_pattern(r"-{3,}[ \t]*$")
_NUMBER = lazy_pattern(r"\d+\.(?:[ \t]+|$)")
_QUOTE = lazy_pattern(r" {0,3}>")
_DECK = lazy_pattern(r"Deck[ \t]*[:：][ \t]*(.*?)[ \t]*$")
_TAGS = lazy_pattern(r"Tags[ \t]*[:：][ \t]*(.*?)[ \t]*$")

_BEGINS = lazy_pattern(rf"{_NUMBER.pattern}|Deck[ \t]*[:：]|Tags[ \t]*[:：]")


class _Section(Struct, frozen=True):
    """The lines between two rules with indices `first` and `last`, the rules not included. `closed` says that a rule follows."""

    first: int
    last: int
    closed: bool


class _Item(Struct, frozen=True):
    """A numbered line at `index`, the index of the line where its quote begins (None without one), and of its last line."""

    index: int
    quote: int | None
    last: int
    identifier: str | None


def detect(document: Document) -> Detection:
    """The numbered questions with a quote below, in sections between rules; one alone must ask or have signs of the tool."""
    sections = [(section, list(_items(document, section))) for section in _sections(document)]
    found = [item for _, items in sections for item in items if item.quote is not None]
    if not found:
        return Detection()
    signs = sum(_has_settings(document, section) for section, _ in sections) + sum(
        item.identifier is not None for item in found
    )
    asking = sum(_asks(document, item) for item in found)
    used = sum(section.closed and any(item.quote is not None for item in items) for section, items in sections)
    reason = counted(
        len(found),
        "numbered question with a quote below it, between rules",
        "numbered questions with a quote below them, between rules",
    )
    enough = signs or (used and 2 * asking >= len(found))
    return Detection(2 * len(found) + used + signs, reason, "" if enough else "few of them ask")


def read_notes(document: Document) -> Iterator[Found]:
    for section in _sections(document):
        items = list(_items(document, section))
        if items:
            yield from _read_section(document, section, items)


def _read_section(document: Document, section: _Section, items: list[_Item]) -> Iterator[Found]:
    deck = ""
    tags: tuple[str, ...] = ()
    settings: set[int] = set()
    for i in range(section.first, items[0].index):
        text = document.lines[i].text
        if not deck and (match := _DECK.match(text)):
            deck = match[1]
        elif match := _TAGS.match(text):
            tags = (*tags, *match[1].split())
        if match:
            settings.add(i + 1)
    rules = {section.first, *([section.last + 2] if section.closed else [])} - {0}
    ids = {i + 1 for i in range(section.first, section.last + 1) if _is_id(document, i)}
    found = [_note(document, item) for item in items]
    if any(isinstance(each, RawNote) for each in found):
        yield Markup(frozenset(settings | rules | ids))
    if not section.closed:
        yield document.problem(
            section.first,
            "the section of numbered questions is never closed",
            code="block-unclosed",
            severity=Severity.WARNING,
            hint="close it with a line --- below the last answer",
        )
    for each in found:
        yield replace(each, tags=tags, deck=deck) if isinstance(each, RawNote) else each


def _sections(document: Document) -> Iterator[_Section]:
    """The stretches below rules that begin with settings or a numbered question. A rule may close one and open the next."""
    rules = [i for i, line in enumerate(document.lines) if line.open and _RULE.match(line.text)]
    for n, rule in enumerate(rules):
        closed = n + 1 < len(rules)
        last = rules[n + 1] - 1 if closed else len(document.lines) - 1
        first = next((i for i in range(rule + 1, last + 1) if not document.lines[i].blank), None)
        if first is not None and (_BEGINS.match(document.lines[first].text) or _is_id(document, first)):
            yield _Section(rule + 1, last, closed)


def _items(document: Document, section: _Section) -> Iterator[_Item]:
    """The numbered lines of a section; a heading ends an item, and so does the text behind its quote."""
    lines = document.lines
    starts = [i for i in range(section.first, section.last + 1) if lines[i].open and _NUMBER.match(lines[i].text)]
    for n, start in enumerate(starts):
        end = starts[n + 1] - 1 if n + 1 < len(starts) else section.last
        end = next((i - 1 for i in range(start + 1, end + 1) if lines[i].heading or id_line(lines[i].text)), end)
        quote = next((i for i in range(start + 1, end + 1) if lines[i].open and _QUOTE.match(lines[i].text)), None)
        if quote is not None:
            end = next((i - 1 for i in range(quote, end + 1) if not _QUOTE.match(lines[i].text)), end)
        above = lines[start - 1].text if start else ""
        yield _Item(start, quote, end, id_line(above))


def _note(document: Document, item: _Item) -> Found:
    number = _NUMBER.match(document.lines[item.index].text)
    assert number is not None, "an item begins with its number"
    last = item.last if item.quote is None else item.quote - 1
    front = cut_lines(document, item.index, last, column=number.end())
    if item.quote is None:
        body = with_clozes_of(front, CURLY)
        if "{{c" in body.source:
            note = statement(document, item.index, front, body)
            return replace(note, attributes=with_id(note.attributes, [item.identifier]))
        return _lacks(document, item.index, "answer-missing", "the question has no answer: no quote below it")
    question, attributes, given = split_front(front)
    if not question.source:
        return _lacks(document, item.index, "question-missing", "the question is empty")
    answer = unquoted(cut_lines(document, item.quote, item.last))
    answer = part(answer, 0, len(answer.source))
    if not answer.source:
        return _lacks(document, item.index, "answer-missing", "the question has no answer: the quote below it is empty")
    attributes = with_id(attributes, [item.identifier])
    return RawNote(question, attributes, answer, document.section(item.index), given=given)


def _lacks(document: Document, index: int, code: str, message: str) -> Found:
    return document.problem(index + 1, message, code=code, severity=Severity.WARNING)


def _asks(document: Document, item: _Item) -> bool:
    """Whether the lines of a question end as one: with a question mark or a colon."""
    number = _NUMBER.match(document.lines[item.index].text)
    assert number is not None and item.quote is not None, "only items with a quote are asked about"
    source = cut_lines(document, item.index, item.quote - 1, column=number.end()).source
    first = source.partition("\n")[0]
    return is_question(first) or source.rstrip().endswith((":", "：")) or first.rstrip().endswith((":", "："))


def _is_id(document: Document, index: int) -> bool:
    return id_line(document.lines[index].text) is not None and document.lines[index].text.startswith("<!--")


def _has_settings(document: Document, section: _Section) -> bool:
    return any(_DECK.match(document.lines[i].text) for i in range(section.first, section.last + 1))


INKA = Dialect(
    "inka",
    "between two rules, 1. question, then the answer as a > quote",
    detect,
    read_notes,
    sign=line_start(r" {0,3}>"),
)
