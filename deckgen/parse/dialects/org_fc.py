"""Cards of org-fc as ox-hugo exports them: a heading, the front, `#### Back`, `#### Source`; or a heading with clozes, `{{text}{hint}@0}`."""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_fields import joined, statement
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document, Heading
from deckgen.parse.question import Attributes, Markup, RawNote, question_text, split_attributes
from deckgen.parse.text_parts import part, split_front
from deckgen.parse.texts import Cut, cut_lines, rewritten
from deckgen.problems import Severity

_REVIEW_HEAD = lazy_pattern(r"[ \t]*\|[ \t]*position[ \t]*\|[ \t]*(?:ease[ \t]*\|[ \t]*box|prior|due)", re.I)
_ROW = lazy_pattern(r"[ \t]*\|(?:[^|]*\|)(?:[-+ \t\d.:TZ]*\|)+[ \t]*$|[ \t]*\|[-+|: \t]*$")
_CLOZE = lazy_pattern(
    r"\{\{(?P<text>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})+?)\}(?:\{(?P<hint>[^{}]*)\})?(?:@(?P<number>\d+))?\}"
)
_KINDS = ("cloze", "clozes")
_PARTS = ("Back", "Source", "Sources", "Extra", "Context")


class _Card(Struct, frozen=True):
    """The heading of a card at `index`, the index behind its last line, and its parts by name (first line, index behind the last)."""

    index: int
    heading: Heading
    end: int
    parts: dict[str, tuple[int, int]]


def detect(document: Document) -> Detection:
    """All headings of a card are signs of it, and so is its table: ox-hugo gives headings ids, as those have that ask."""
    cards = _cards(document)
    if not cards:
        return Detection()
    reason = counted(
        len(cards), "heading with a Back or clozes of org-fc below", "headings with a Back or clozes of org-fc below"
    )
    signs = sum(3 + 2 * len(card.parts) for card in cards)
    reviewed = any(_review_table(document, card) for card in cards)
    backs = sum("Back" in card.parts for card in cards)
    return Detection(signs, reason, "" if reviewed or backs > 1 else "it takes two, or a table of reviews")


def read_notes(document: Document) -> Iterator[Found]:
    for card in _cards(document):
        text = _cloze(document, card)
        found = _cloze_note(document, card, text) if text else _question_note(document, card)
        if not isinstance(found, RawNote):
            yield found
            continue
        headings = [first - 1 for first, _ in card.parts.values()]
        kind = [] if card.index + 1 in found.lines else [card.index]
        yield Markup(frozenset(i + 1 for i in (*headings, *kind, *_review_table(document, card))))
        source = _part(document, card, "Source") or _part(document, card, "Sources")
        yield replace(found, source=source, section=document.section(card.index, card.heading.level))


def _cards(document: Document) -> list[_Card]:
    return [card for n in range(len(document.headings)) if (card := _card(document, n))]


def _card(document: Document, n: int) -> _Card | None:
    """The card of a heading: with Back below it, or with clozes and the table of reviews alone; other headings below it make it none."""
    i, heading = document.headings[n]
    if split_attributes(heading.text)[0].strip().capitalize() in _PARTS:
        return None
    after = n + 1
    while after < len(document.headings) and document.headings[after][1].level > heading.level:
        after += 1
    end = document.headings[after][0] if after < len(document.headings) else len(document.lines)
    inner = document.headings[n + 1 : after]
    names = [
        (j, split_attributes(other.text)[0].strip().capitalize())
        for j, other in inner
        if other.level == heading.level + 1
    ]
    ends = [*(j for j, _ in names[1:]), end][: len(names)]
    parts = {name: (j + 1, stop) for (j, name), stop in zip(names, ends, strict=True) if name in _PARTS}
    if len(parts) < sum(name in _PARTS for _, name in names):
        return None
    card = _Card(i, heading, end, parts)
    if "Back" in parts:
        return card if all(name in _PARTS for _, name in names) else None
    if len(parts) < len(inner):
        return None
    return card if _cloze(document, card) or _review_table(document, card) else None


def _cloze(document: Document, card: _Card) -> Text | None:
    """The text of a card that asks for clozes: its heading, or what is below it. A number behind each says so."""
    if "@" not in document.source:
        return None
    name = split_attributes(card.heading.text)[0].strip()
    title = Text(name, card.index + 1, card.heading.column)
    for text in (title, _front_body(document, card)):
        if text and any(match["number"] for match in _CLOZE.finditer(text.source)):
            return text
    return None


def _review_table(document: Document, card: _Card) -> list[int]:
    """The indices of the lines of the table in which the tool keeps when a card is due."""
    stop = min((first - 1 for first, _ in card.parts.values()), default=card.end)
    head = next((i for i in range(card.index + 1, stop) if _REVIEW_HEAD.match(document.lines[i].text)), None)
    if head is None:
        return []
    last = next((i for i in range(head + 1, stop) if not _ROW.match(document.lines[i].text)), stop)
    return list(range(head, last))


def _front_body(document: Document, card: _Card) -> Text | None:
    """The text between the heading and the first part."""
    stop = min((first - 1 for first, _ in card.parts.values()), default=card.end)
    table = {i + 1 for i in _review_table(document, card)}
    text = cut_lines(document, card.index + 1, stop - 1, without=table)
    text = part(text, 0, len(text.source))
    return text if text.source else None


def _question_note(document: Document, card: _Card) -> Found:
    """The heading asks; or it names the kind of card, as `Describe`, and what is below it asks. Without Back that is the answer."""
    name, attributes = split_attributes(card.heading.text)
    title = Text(name.strip(), card.index + 1, card.heading.column)
    context, body = _part(document, card, "Context"), _front_body(document, card)
    backs = [text for text in (_part(document, card, "Back"), _part(document, card, "Extra")) if text]
    shown: tuple[Text, ...] = ()
    if body and "Back" in card.parts:
        question, _, given = split_front(body)
        shown = (title, *given)
    else:
        question, _ = question_text(name, card.index + 1, card.heading.column)
        backs = [body, *backs] if body else backs
    answer = joined(backs)
    if answer is None:
        return document.problem(
            card.index + 1, "the question has no answer", code="answer-missing", severity=Severity.WARNING
        )
    own = Attributes(classes=attributes.classes & {"reversed", "typed"})
    return RawNote(question, own, answer, (), given=(*shown, *([context] if context else [])))


def _cloze_note(document: Document, card: _Card, text: Text) -> RawNote:
    cuts: list[Cut] = []
    for match in _CLOZE.finditer(text.source):
        cuts.append((match.start(), match.start("text"), f"{{{{c{int(match['number'] or 0) + 1}::"))
        if match["hint"]:
            cuts += [(match.end("text"), match.start("hint"), "::"), (match.end("hint"), match.end(), "}}")]
        else:
            cuts.append((match.end("text"), match.end(), "}}"))
    note = statement(document, card.index, text, rewritten(text, cuts))
    name = split_attributes(card.heading.text)[0].strip()
    if text.line == card.index + 1 or name.lower() in _KINDS:
        return note
    return replace(note, given=(Text(name, card.index + 1, card.heading.column),))


def _part(document: Document, card: _Card, name: str) -> Text | None:
    if name not in card.parts:
        return None
    first, stop = card.parts[name]
    text = cut_lines(document, first, stop - 1)
    return text if text.source else None


ORG_FC = Dialect(
    "org-fc",
    "### heading, the front, #### Back, the answer",
    detect,
    read_notes,
    sign=re.compile(r"\n(?: {0,3}#+[ \t]*(?i:back)|[ \t]*\|[ \t]*(?i:position))|@"),
)
