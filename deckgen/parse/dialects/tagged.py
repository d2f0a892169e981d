"""Headings and paragraphs with the tag `#card` or `#flashcard`, and the answer below."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckgen.model import Text
from deckgen.parse.block_notes import unanswered
from deckgen.parse.dialect import Detection, Dialect, Found, detected
from deckgen.parse.document import Document
from deckgen.parse.question import Attributes, Markup, RawNote, question_text
from deckgen.parse.texts import cut_lines, rewritten, trimmed
from deckgen.problems import Severity

_TAG = re.compile(r"(?<![^\s])#(?:flash)?cards?(?P<reverse>[-/]reversed?)?(?![\w/-])", re.I)
_TAGS = re.compile(r"(?:[ \t]*#[^\s#]+)+[ \t]*$")
_LIST = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A question from the line at index `first` to the one with its tags at `last`."""

    first: int
    last: int
    reverse: bool

    def alone(self, document: Document) -> bool:
        """Whether the tags stand on a line of their own."""
        return bool(_TAGS.match(document.lines[self.last].text)) and not document.lines[self.last].heading


def detect(document: Document) -> Detection:
    """How many questions have the tag of flashcards."""
    return detected(
        len(_tagged(document)), 1, "question with #card", lines=3, things="questions with #card", marked=True
    )


def read_notes(document: Document) -> Iterator[Found]:
    tagged = _tagged(document)
    for n, each in enumerate(tagged):
        following = tagged[n + 1].first if n + 1 < len(tagged) else len(document.lines)
        question, attributes, tags = _question(document, each)
        answer = cut_lines(document, each.last + 1, _end(document, each, following) - 1)
        yield Markup(frozenset((each.last + 1,)) if each.alone(document) else frozenset())
        if not question.source:
            message = "the tag has no question before it"
            yield document.problem(each.last + 1, message, code="question-missing", severity=Severity.WARNING)
        elif not answer.source:
            yield unanswered(document, each.first + 1)
        else:
            heading = document.lines[each.first].heading
            section = document.section(each.first, heading.level if heading else 7)
            yield RawNote(question, attributes, answer, section, tags=tags)


def _tagged(document: Document) -> list[_Tagged]:
    found = []
    for i, line in enumerate(document.lines):
        match = _TAG.search(line.text) if line.open and "#" in line.text and not _LIST.match(line.text) else None
        if match is None or document.scan.is_code(line.start + match.start()):
            continue
        first = i
        if not line.heading:
            while first and not document.lines[first - 1].blank and not _ends_paragraph(document, first - 1, first):
                first -= 1
        if first < i or not _TAGS.match(line.text) or line.heading:
            found.append(_Tagged(first, i, bool(match["reverse"])))
    return found


def _ends_paragraph(document: Document, above: int, below: int) -> bool:
    """Whether a question cannot reach from one line into the next."""
    return (
        document.lines[below].heading is not None or document.is_thematic_break(above) or not document.lines[above].open
    )


def _question(document: Document, each: _Tagged) -> tuple[Text, Attributes, tuple[str, ...]]:
    """The question without its tags, and the tags that do not say that it is one."""
    heading = document.lines[each.first].heading
    last = each.last - 1 if each.alone(document) else each.last
    whole = cut_lines(document, each.first, last, column=heading.column - 1 if heading else 0)
    match = _TAGS.search(whole.source)
    written = match or (_TAGS.match(document.lines[each.last].text) if each.alone(document) else None)
    words = written[0].split() if written else []
    tags = tuple(word.lstrip("#").replace("/", "::") for word in words if not _TAG.fullmatch(word))
    bare = rewritten(whole, [(match.start(), len(whole.source), "")]) if match else whole
    inside = [(m.start(), m.end(), "") for m in _TAG.finditer(bare.source)]
    bare = trimmed(rewritten(bare, inside))
    question, attributes = question_text(bare.source, bare.line, bare.column)
    if each.reverse:
        attributes = Attributes(attributes.id, attributes.classes | {"reversed"}, attributes.written, attributes.error)
    return question, attributes, tags


def _end(document: Document, each: _Tagged, following: int) -> int:
    """The index behind the answer: right below a question it ends at a blank line; below a heading and a blank line, at the next heading."""
    first = each.last + 1
    heading = document.lines[each.first].heading
    attached = first < following and not document.lines[first].blank
    for i in range(first, following):
        line = document.lines[i]
        if line.heading and (attached or heading is None or line.heading.level <= heading.level):
            return i
        if line.blank and line.open and (attached or heading is None):
            return i
    return following


TAGGED = Dialect("tagged", "## question #card, then the answer", detect, read_notes)
