"""Decks of md2anki: `## question (id)`, then the answer; a rule parts a longer question from the answer."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Text
from deckgen.parse.block_fields import joined, statement
from deckgen.parse.curly_clozes import has_clozes_of
from deckgen.parse.dialect import Detection, Dialect, Found, counted
from deckgen.parse.document import Document, Heading
from deckgen.parse.note_ids import with_id
from deckgen.parse.question import Markup, RawNote, question_text
from deckgen.parse.text_parts import part
from deckgen.parse.texts import Cut, cut_lines, rewritten
from deckgen.problems import Problem, Severity

_UUID = lazy_pattern(r"(?<![ \t])[ \t]++\(([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)$")
_ID = lazy_pattern(r"(?<![ \t])[ \t]++\(([^()\s]+)\)$")
_DECK_ID = lazy_pattern(r"(?<![ \t])[ \t]++\((\d{6,})\)$")
_SUBDECK = lazy_pattern(r"Subdeck:[ \t]*")
_RULE = lazy_pattern(r"[ \t]*---[ \t]*$")
_TAGS = lazy_pattern(r"`?\{=:(?P<tags>[^`\n]*?):=\}`?|`?\{=<[\w-]*>=\}`?")


def detect(document: Document) -> Detection:
    """Two signs a question: the heading, and the id behind it."""
    questions = sum(heading.level > 1 and bool(_UUID.search(heading.text)) for _, heading in document.headings)
    decks = sum(bool(_DECK_ID.search(heading.text)) for _, heading in document.headings)
    if not questions:
        return Detection()
    return Detection(
        2 * questions + decks, counted(questions, "heading that ends with a UUID", "headings that end with a UUID")
    )


def read_notes(document: Document) -> Iterator[Found]:
    stops = _stops(document)
    shared: list[tuple[int, tuple[str, ...]]] = []
    for n, (i, heading, is_deck) in enumerate(stops):
        end = stops[n + 1][0] if n + 1 < len(stops) else len(document.lines)
        if is_deck:
            tags, marks = _deck_tags(document, i + 1, end)
            shared = [(level, more) for level, more in shared if level < heading.level]
            shared.append((heading.level, tags))
            yield Markup(marks)
        else:
            above = [tag for level, more in shared if level < heading.level for tag in more]
            yield from _note(document, i, heading, end - 1, above)


def _stops(document: Document) -> list[tuple[int, Heading, bool]]:
    """The headings of decks and of questions, with their indices, and whether they are of decks.

    A question has an id, or its heading is one level below its deck's: the tool has not seen it yet. Other headings are in answers.
    """
    found: list[tuple[int, Heading, bool]] = []
    for i, heading in document.headings:
        is_deck = heading.level == 1 or bool(_DECK_ID.search(heading.text) or _SUBDECK.match(heading.text))
        above = next((deck.level for _, deck, one in reversed(found) if one and deck.level < heading.level), None)
        if is_deck or _UUID.search(heading.text) or (above is not None and heading.level == above + 1):
            found.append((i, heading, is_deck))
    return found


def _deck_tags(document: Document, first: int, end: int) -> tuple[tuple[str, ...], frozenset[int]]:
    """The tags of all notes below a deck's heading, and the numbers of their lines."""
    found = [
        (line.number, match) for line in document.lines[first:end] if (match := _TAGS.fullmatch(line.text.strip()))
    ]
    return tuple(tag for _, match in found for tag in _words(match)), frozenset(number for number, _ in found)


def _note(document: Document, index: int, heading: Heading, last: int, shared: Sequence[str]) -> Iterator[Found]:
    lines = range(index + 1, last + 1)
    rule = next((i for i in lines if document.lines[i].open and _RULE.match(document.lines[i].text)), None)
    signs = [i for i in lines if i == rule or _TAGS.fullmatch(document.lines[i].text.strip())]
    yield Markup(frozenset(i + 1 for i in signs))
    text, identifier = heading.text, None
    if match := _UUID.search(text) or _ID.search(text):
        text, identifier = text[: match.start()], match[1]
    front, tags = _without_tags(Text(text, index + 1, heading.column))
    parted = index if rule is None else rule
    above, more = _without_tags(cut_lines(document, index + 1, parted - 1))
    below, others = _without_tags(cut_lines(document, parted + 1, last))
    note = _question_or_cloze(document, front, above, below)
    if isinstance(note, RawNote):
        yield replace(
            note,
            attributes=with_id(note.attributes, [identifier]),
            section=tuple(map(_deck_name, document.section(index, heading.level))),
            tags=(*shared, *tags, *more, *others),
        )
    else:
        yield note


def _question_or_cloze(document: Document, front: Text, above: Text, below: Text) -> RawNote | Problem:
    """The note of a heading, of what is above the rule and below it. Clozes above it are asked for, and what is below is on the back."""
    if has_clozes_of(f"{front.source}\n\n{above.source}"):
        whole = joined([front, above] if above.source else [front]) or front
        return replace(statement(document, front.line - 1, whole), source=below if below.source else None)
    question, attributes = question_text(front.source, front.line, front.column)
    if not below.source:
        return document.problem(
            front.line, "the question has no answer", code="answer-missing", severity=Severity.WARNING
        )
    return RawNote(question, attributes, below, (), given=(above,) if above.source else ())


def _without_tags(text: Text) -> tuple[Text, tuple[str, ...]]:
    """A text without the tags and the card types in it, and the tags."""
    found = list(_TAGS.finditer(text.source))
    cuts: list[Cut] = [(match.start(), match.end(), "") for match in found]
    bare = rewritten(text, cuts)
    return part(bare, 0, len(bare.source)), tuple(tag for match in found for tag in _words(match))


def _words(match: re.Match[str]) -> list[str]:
    return [word.strip() for word in (match["tags"] or "").split(",") if word.strip()]


def _deck_name(name: str) -> str:
    """The name of a deck or subdeck without its id."""
    return _SUBDECK.sub("", _DECK_ID.sub("", name), count=1)


MD2ANKI = Dialect(
    "md2anki", "## question (id), then the answer", detect, read_notes, sign=re.compile(r"\([0-9a-fA-F]{8}-")
)
