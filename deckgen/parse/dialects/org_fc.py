"""Cards of org-fc as ox-hugo exports them: a heading, the front, `#### Back`, `#### Source`; or a heading with clozes, `{{text}{hint}@0}`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from deckgen.model import Text
from deckgen.parse.block_fields import joined, statement
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document, Heading
from deckgen.parse.question import Attributes, Markup, RawNote, question_text, split_attributes
from deckgen.parse.text_parts import part, split_front
from deckgen.parse.texts import Cut, cut_lines, rewritten
from deckgen.problems import Severity

_REVIEW_HEAD = re.compile(r"[ \t]*\|[ \t]*position[ \t]*\|[ \t]*(?:ease[ \t]*\|[ \t]*box|prior|due)", re.I)
_ROW = re.compile(r"[ \t]*\|(?:[^|]*\|)(?:[-+ \t\d.:TZ]*\|)+[ \t]*$|[ \t]*\|[-+|: \t]*$")
_CLOZE = re.compile(
    r"\{\{(?P<text>(?:[^{}]|\{[^{}]*\}|\{\{[^{}]*\}\})+?)\}(?:\{(?P<hint>[^{}]*)\})?(?:@(?P<number>\d+))?\}"
)
_PARTS = ("Back", "Source", "Sources", "Extra", "Context")


@dataclass(frozen=True, slots=True)
class _Card:
    """The heading of a card at `index`, the index behind its last line, its parts by name (first line, index behind the last), and whether it is a cloze."""

    index: int
    heading: Heading
    end: int
    parts: dict[str, tuple[int, int]]
    cloze: bool


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
        headings = [first - 1 for first, _ in card.parts.values()]
        table = _review_table(document, card)
        yield Markup(frozenset(i + 1 for i in (*headings, *table)))
        body = _front_body(document, card, table)
        found = _cloze_note(document, card) if card.cloze else _question_note(document, card, body)
        if isinstance(found, RawNote):
            source = _part(document, card, "Source") or _part(document, card, "Sources")
            yield replace(found, source=source, section=document.section(card.index, card.heading.level))
        else:
            yield found


def _cards(document: Document) -> list[_Card]:
    cards = []
    for n, (i, heading) in enumerate(document.headings):
        following = document.headings[n + 1 :]
        end = next((j for j, other in following if other.level <= heading.level), len(document.lines))
        below = [(j, other) for j, other in following if j < end]
        inner = [
            (j, split_attributes(other.text)[0].strip().capitalize())
            for j, other in below
            if other.level == heading.level + 1
        ]
        ends = [*(j for j, _ in inner[1:]), end]
        parts = (
            {name: (j + 1, stop) for (j, name), stop in zip(inner, ends, strict=True) if name in _PARTS}
            if inner
            else {}
        )
        cloze = "@" in heading.text and _CLOZE.search(heading.text) is not None
        if ("Back" in parts and all(name in _PARTS for _, name in inner)) or (cloze and len(parts) == len(below)):
            cards.append(_Card(i, heading, end, parts, cloze))
    return cards


def _review_table(document: Document, card: _Card) -> list[int]:
    """The indices of the lines of the table in which the tool keeps when a card is due."""
    stop = min((first - 1 for first, _ in card.parts.values()), default=card.end)
    head = next((i for i in range(card.index + 1, stop) if _REVIEW_HEAD.match(document.lines[i].text)), None)
    if head is None:
        return []
    last = next((i for i in range(head + 1, stop) if not _ROW.match(document.lines[i].text)), stop)
    return list(range(head, last))


def _front_body(document: Document, card: _Card, table: list[int]) -> Text | None:
    """The text between the heading and the first part."""
    stop = min((first - 1 for first, _ in card.parts.values()), default=card.end)
    text = cut_lines(document, card.index + 1, stop - 1, without={i + 1 for i in table})
    text = part(text, 0, len(text.source))
    return text if text.source else None


def _question_note(document: Document, card: _Card, body: Text | None) -> Found:
    """The heading asks; or it names the kind of card, as `Describe`, and what is below it asks."""
    name, attributes = split_attributes(card.heading.text)
    title = Text(name.strip(), card.index + 1, card.heading.column)
    context = _part(document, card, "Context")
    if body:
        question, _, given = split_front(body)
        shown: tuple[Text, ...] = (title, *given)
    else:
        question, _ = question_text(name, card.index + 1, card.heading.column)
        shown = ()
    answers = [text for text in (_part(document, card, "Back"), _part(document, card, "Extra")) if text]
    answer = joined(answers)
    if answer is None:
        return document.problem(
            card.index + 1, "the question has no answer", code="answer-missing", severity=Severity.WARNING
        )
    own = Attributes(classes=attributes.classes & {"reversed", "typed"})
    return RawNote(question, own, answer, (), given=(*shown, *([context] if context else [])))


def _cloze_note(document: Document, card: _Card) -> RawNote:
    name = split_attributes(card.heading.text)[0].strip()
    text = Text(name, card.index + 1, card.heading.column)
    cuts: list[Cut] = []
    for match in _CLOZE.finditer(name):
        hint = f"::{match['hint']}" if match["hint"] else ""
        cuts.append((match.start(), match.start("text"), f"{{{{c{int(match['number'] or 0) + 1}::"))
        cuts.append((match.end("text"), match.end(), hint + "}}"))
    return statement(document, card.index, text, rewritten(text, cuts))


def _part(document: Document, card: _Card, name: str) -> Text | None:
    if name not in card.parts:
        return None
    first, stop = card.parts[name]
    text = cut_lines(document, first, stop - 1)
    return text if text.source else None


ORG_FC = Dialect("org-fc", "### heading, the front, #### Back, the answer", detect, read_notes)
