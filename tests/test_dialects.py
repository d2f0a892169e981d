"""Each dialect: note files, and what they are read as, with every text and every line that is left out."""

from collections.abc import Iterator

import pytest
from case_files import pairs

from deckgen.model import Note, Text
from deckgen.parse import Parsed, parse_file
from deckgen.parse.document import read_document
from deckgen.parse.meta import Settings

CASES = pairs("cases/dialects/*.md")


def indented(name: str, text: Text) -> Iterator[str]:
    yield f"  {name} {text.line}:{text.column}"
    for line in text.source.split("\n"):
        yield f"    {line}".rstrip()


def told(parsed: Parsed, lines: list[str]) -> Iterator[str]:
    """What was parsed, as the .expected files write it."""
    yield f"dialect {parsed.dialect or 'none'}"
    for each in parsed.detected:
        yield f"seen {each.dialect.name}: {each.detection.reason}" + (f"; {each.shortfall}" if each.shortfall else "")
    for p in sorted(parsed.problems):
        yield f"{p.line}:{p.column} {p.severity} {p.code} {p.message}"
    left = [n for n, line in enumerate(lines, 1) if line.strip() and n not in parsed.shown | parsed.marks]
    yield f"left out {' '.join(map(str, left))}".strip()
    for note in parsed.notes:
        yield ""
        yield from described(note)


def described(note: Note) -> Iterator[str]:
    more = [
        note.kind,
        *sorted(note.classes),
        *([f"#{note.id}"] if note.id else []),
        *(["statement"] if note.statement else []),
    ]
    yield f"{note.line}:{note.question.column} {' '.join(more)} [{' / '.join(note.section)}] tags {' '.join(note.tags)}"
    yield f"  {note.question.source}"
    for text in note.given:
        yield from indented("given", text)
    yield from indented("answer", note.answer)


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_case(case):
    parsed = parse_file(case.file, case.file.name, case.file.name, Settings())
    case.agrees(told(parsed, read_document(case.file, case.file.name, case.file.name).source.split("\n")))
