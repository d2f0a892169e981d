"""Clozes in a note's source: where they stand, and which of them Anki would not ask for."""

import re
from collections.abc import Iterator

from deckgen.model import Kind, Note, Text
from deckgen.notetypes.cards import CLOZE_NUMBERS, cloze_number
from deckgen.parse.document import Document
from deckgen.problems import Problem, Severity
from deckgen.scan import SpanKind, scan

_CLOZE = re.compile(r"\{\{c([0-9]+(?:,[0-9]+)*)::")
_NO_CLOZE = {SpanKind.FENCE, SpanKind.INDENTED, SpanKind.CODE, SpanKind.COMMENT}


def clozes(source: str) -> Iterator[re.Match]:
    """Where clozes begin in a source, outside code and comments; group 1 holds their numbers."""
    if _CLOZE.search(source) is None:
        return
    found = scan(source)
    for match in _CLOZE.finditer(source):
        span = found.covering(match.start())
        if span is None or span.kind not in _NO_CLOZE:
            yield match


def cloze_problems(document: Document, note: Note) -> Iterator[Problem]:
    """Clozes in the question, and numbers in the answer that have no card of their own."""
    yield from shown_clozes(document, note.question)
    if note.kind is not Kind.CLOZE:
        return
    for match in clozes(note.answer.source):
        if wrong := [number for number in match[1].split(",") if cloze_number(number) not in CLOZE_NUMBERS]:
            yield _at(document, note.answer, match, f"Anki asks for no cloze with the number {wrong[0][:20]}", "cloze-number",
                      f"it knows {CLOZE_NUMBERS[0]} to {CLOZE_NUMBERS[-1]}")


def shown_clozes(document: Document, question: Text) -> Iterator[Problem]:
    """Clozes in a question or a section's heading: Anki shows them as they are written."""
    for match in clozes(question.source):
        yield _at(document, question, match, "a cloze in a heading or a question stays as it is written", "cloze-question",
                  "clozes stand in the answer below it; as text, put it between backticks", Severity.WARNING)


def _at(document: Document, text: Text, match: re.Match, message: str, code: str, hint: str,
        severity: Severity = Severity.ERROR) -> Problem:
    line, column = text.place(match.start())
    return document.problem(line, message, code=code, column=column, severity=severity, hint=hint)
