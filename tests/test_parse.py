"""Case files of parsing. Each case is a .md file, and an .expected file with its notes and problems."""

from collections.abc import Iterator

import pytest
from case_files import TESTS, pairs

from deckgen.parse import Parsed, parse_file
from deckgen.parse.meta import Settings
from deckgen.parse.question import question_text

CASES = pairs("cases/parse/*.md")


def told(parsed: Parsed) -> Iterator[str]:
    """Yield what was parsed as lines of an .expected file."""
    yield f"dialect {(parsed.dialect or 'none')}"
    for p in sorted(parsed.problems):
        yield f"{p.line}:{p.column} {p.severity} {p.code} {p.message}"
    for note in parsed.notes:
        yield f"{note.line} [{' / '.join(note.section)}] {note.question.source}"
        yield f"    answer {note.answer.line}-{note.answer.line + note.answer.source.count(chr(10))}"
        yield f"    tags {' '.join(note.tags)}"
        if note.kind != "basic":
            yield f"    kind {note.kind}"
        if note.id:
            yield f"    id {note.id}"
        if note.classes:
            yield f"    classes {' '.join(sorted(note.classes))}"
        if note.source:
            yield f"    source {note.source.line}"


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_a_file_gives_the_expected_notes_and_problems(case):
    case.agrees(told(parse_file(case.file, case.file.name, case.file.name, Settings())))


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_each_text_has_its_place_in_the_file(case):
    lines = case.file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    for note in parse_file(case.file, case.file.name, case.file.name, Settings()).notes:
        for text in (note.question, note.answer, *([note.source] if note.source else [])):
            assert lines[text.line - 1][text.column - 1 :].startswith(text.source.split("\n")[0])


@pytest.mark.parametrize(
    "written, question",
    [
        ("Q01：为什么？", "为什么？"),
        ("Q1. Why?", "Why?"),
        ("12. Why?", "Why?"),
        ("3、为什么？", "为什么？"),
        ("（2）为什么？", "为什么？"),
        ("一、为什么？", "为什么？"),
        ("第 7 题：为什么？", "为什么？"),
        ("1.5 倍是多少？", "1.5 倍是多少？"),
        ("3D 是什么？", "3D 是什么？"),
        ("Q 是什么？", "Q 是什么？"),
        ("一致性是什么？", "一致性是什么？"),
        ("Why? {#a .b}", "Why?"),
        ("{#a}", ""),
        ("7.", "7."),
    ],
)
def test_a_question_has_no_label_and_no_attributes(written, question):
    assert question_text(written, 1, 1)[0].source == question


@pytest.mark.parametrize(
    "sections, deck, tags",
    [
        ("tags", "D", ("Sorting::Others",)),
        ("decks", "D::Sorting::Others", ()),
        ("none", "D", ()),
    ],
)
def test_sections_become_tags_or_decks(sections, deck, tags):
    case = TESTS / "cases" / "parse" / "heading.md"
    note = parse_file(case, case.name, case.name, Settings(deck="D", sections=sections)).notes[-1]
    assert (note.deck, note.tags) == (deck, tags)
