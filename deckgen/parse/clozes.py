"""Clozes in a note's source: where they stand, and which of them Anki would not ask for."""

from collections.abc import Iterator

from deckgen.cloze.grammar import MAX_CARDS
from deckgen.cloze.highlight import has_highlights
from deckgen.cloze.source import find_cloze_openings
from deckgen.model import Note, NoteType, Text
from deckgen.parse.document import Document
from deckgen.problems import Problem, Severity
from deckgen.scan import CODE_KINDS, SpanKind, scan


def find_clozes(source: str) -> Iterator[int]:
    """Yield the offset of each mark that opens a cloze, outside code and comments."""
    openings = tuple(find_cloze_openings(source))
    if openings:
        found = scan(source)
        yield from (offset for offset in openings if not found.is_code(offset))


def has_clozes(source: str, highlight: str = "mark") -> bool:
    """Whether a source holds clozes, outside code and comments. `highlight` says what `==text==` is: `mark` or `cloze`."""
    return next(find_clozes(source), None) is not None or (highlight == "cloze" and _has_highlights(source))


def _has_highlights(source: str) -> bool:
    if "==" not in source:
        return False
    shown = list(source)
    for span in scan(source).spans:
        if span.kind in CODE_KINDS or span.kind is SpanKind.FORMULA:
            shown[span.start : span.end] = "\0" * (span.end - span.start)
    return has_highlights("".join(shown))


def cloze_problems(document: Document, note: Note, notetype: NoteType) -> Iterator[Problem]:
    """Clozes in the question, and numbers in the answer that have no card of their own."""
    if not note.statement:
        yield from question_cloze_problems(document, note.question)
    if not notetype.asks_clozes:
        return
    source = note.answer.source
    for offset in find_clozes(source):
        written = source[offset + 3 : source.index("::", offset)]
        if wrong := [number for number in written.split(",") if number and not _has_card(number)]:
            yield _at(
                document,
                note.answer,
                offset,
                f"Anki asks for no cloze with the number {wrong[0][:20]}",
                "cloze-number",
                f"it knows 1 to {MAX_CARDS}",
            )


def question_cloze_problems(document: Document, question: Text) -> Iterator[Problem]:
    """Clozes in a question or a section's heading: Anki shows them as they are written."""
    for offset in find_clozes(question.source):
        yield _at(
            document,
            question,
            offset,
            "a cloze in a heading or a question stays as it is written",
            "cloze-question",
            "clozes stand in the answer below it; as text, put it between backticks",
            Severity.WARNING,
        )


def _has_card(digits: str) -> bool:
    """Whether a number as written has a card of its own. Python refuses to read thousands of digits."""
    number = digits.lstrip("0")
    return 0 < len(number) <= len(str(MAX_CARDS)) and int(number) <= MAX_CARDS


def _at(
    document: Document, text: Text, offset: int, message: str, code: str, hint: str, severity: Severity = Severity.ERROR
) -> Problem:
    line, column = text.place(offset)
    return document.problem(line, message, code=code, column=column, severity=severity, hint=hint)
