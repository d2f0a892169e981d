"""The dialects of other tools, on made-up files: every text stands where it says, and no word of a note is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.model import Text
from deckgen.parse.dialects import BY_NAME
from deckgen.parse.document import Document
from deckgen.parse.question import Markup, RawNote
from deckgen.parse.text_parts import part, split_front, unquoted
from deckgen.problems import Problem
from deckgen.scan import scan

# How many files are made up for each dialect.
SAMPLE_AND_MANY = pytest.mark.parametrize("count", [40, pytest.param(150, marks=pytest.mark.proof)])
# In the lines below, `@` stands for a word that no other place has.
UUID = "0a1b2c3d-0000-4000-8000-00000000000"
ANY = (
    "",
    "",
    "@",
    "@ @",
    "  @",
    "    @",
    "- @",
    "  - @",
    "\t- @",
    "1. @",
    "> @",
    "# @",
    "## @?",
    "---",
    "```",
    "$$",
    "`@`",
    "| @ | @ |",
    "<!-- x -->",
)
IDS = (
    "<!--ID:17000-->",
    "ID: 17001",
    "^170002",
    "<!-- note_key: ab12 -->",
    "  id:: 66c2",
    "@ ^abc-1",
    "<!--SR:!2024-08-16,51,230-->",
)
BLOCKS = (
    "START",
    "END",
    "Basic",
    "Cloze",
    "Front: @",
    "Back: @",
    "Back:",
    "Extra: @",
    "Tags: @",
    "%%",
    "> START",
    "> END",
    "> Back: @",
)
SIGNS = {
    "start-end": (*BLOCKS, *BLOCKS, "STARTI [Basic] @ Back: @ ENDI"),
    "inka": ("---", "---", "1. @?", "2. @", "> @", ">@", "> > @", "> ```", "Deck: @", "Tags: @", "1. {@} @"),
    "md2anki": (
        f"## @ ({UUID}1)",
        f"## @ `{{=:tag:=}}` ({UUID}2)",
        "# @ (1234567)",
        "## Subdeck: @ (2345678)",
        "`{=:tag:=}`",
        "### @",
    ),
    "ankiops": (
        "Q: @",
        "A: @",
        "T: {{c1::@}} @",
        "F: @",
        "B: @",
        "E: @",
        "C1: @",
        "C2: @",
        "I: @",
        "IO_ID: @",
        "---",
        "E:",
    ),
    "tagged": (
        "@ #card",
        "## @ #card #@",
        "- @ #card",
        "\t- @ #flashcard",
        "#card",
        "- @::@ #card",
        "@ : @ #card",
        "- {{cloze @}} #card",
        "- {{c1 @}} @",
        "***",
    ),
    "list": ("- **@**", "- **@?** @", "- @?", "  - **Why @**", "* @?", "- [ ] @?"),
    "one-line": ("@ :: @", "- @::@", "@ ::: @", "@ ;; @ #@", "#flashcards/a", "#a/b @::@", "std::vector @"),
    "cloze": ("@ ==@== @", "@ {@} {2:@}", "- {{@}} @", "{{c1::@}}", "==@==^[@][^2]"),
    "bold-cloze": ("**@** @", "- **@**"),
    "org-fc": (
        "### @ {#x}",
        "### {{@}@0} @ {{@}{@}@1}",
        "#### Back {#back}",
        "#### Source",
        "#### Extra",
        "| position | ease | box |",
        "|---|---|",
    ),
}


@st.composite
def sources(draw, name: str) -> str:
    number = iter(range(1, 1000))
    lines = st.one_of(st.sampled_from(SIGNS[name]), st.sampled_from(SIGNS[name]), st.sampled_from((*ANY, *IDS)))
    source = "\n".join(draw(st.lists(lines, min_size=1, max_size=12)))
    return re.sub("@", lambda _: f"word{next(number)}w", source)


def document(source: str) -> Document:
    return Document("a.md", "a.md", source, scan(source), {})


def stands(text: Text, source: str) -> None:
    """Every character of a text that is no mark of a cloze and no number of an option is the one that the file has at its place."""
    lines = source.split("\n")
    for match in re.finditer(r"word\d+w", text.source):
        line, column = text.place(match.start())
        assert lines[line - 1][column - 1 :].startswith(match[0]), (text, match[0])


def words_of(text: str) -> set[str]:
    return set(re.findall(r"word\d+w", text))


def no_word_is_lost(name: str, source: str) -> None:
    page = document(source)
    found = list(BY_NAME[name].read_notes(page))
    BY_NAME[name].detect(page)
    notes = [each for each in found if isinstance(each, RawNote)]
    marks = {number for each in found if isinstance(each, Markup) for number in each.lines}
    assert all(isinstance(each, RawNote | Markup | Problem) for each in found)
    words: set[str] = set()
    for note in notes:
        texts = [note.question, note.answer, *note.given, *([note.source] if note.source else [])]
        for text in texts:
            stands(text, page.source)
            words |= words_of(text.source)
        words |= words_of(" ".join((*note.tags, *note.section, note.deck)))
    shown = {number for note in notes for number in note.lines}
    for number in shown | marks:
        line = page.lines[number - 1].text
        missing = words_of(line) - words
        told = (
            number in marks
            and number not in shown
            and re.fullmatch(r"[ \t>]*(?:word\d+w ?)+", line)
            and name == "start-end"
        )
        assert not missing or told, (line, missing)


@SAMPLE_AND_MANY
@pytest.mark.parametrize("name", SIGNS)
def test_no_word_of_a_note_is_lost_and_texts_stand_where_they_say(name, count):
    @settings(max_examples=count, deadline=None)
    @given(sources(name))
    def holds(source):
        no_word_is_lost(name, source)

    holds()


@SAMPLE_AND_MANY
@pytest.mark.parametrize("name", SIGNS)
def test_a_line_is_in_one_note_or_is_a_mark(name, count):
    """A statement names itself by its own text; else no line that only marks notes is shown by one."""

    @settings(max_examples=count, deadline=None)
    @given(sources(name))
    def holds(source):
        found = list(BY_NAME[name].read_notes(document(source)))
        marks = {number for each in found if isinstance(each, Markup) for number in each.lines}
        for each in found:
            if isinstance(each, RawNote):
                assert each.question.source.strip()
                assert not each.lines & marks

    holds()


QUOTED = st.lists(st.text("ab >\t", max_size=8), min_size=1, max_size=5).map("\n".join)


def every_place(text: Text, source: str) -> None:
    lines = source.split("\n")
    for offset, char in enumerate(text.source):
        if char != "\n":
            line, column = text.place(offset)
            assert lines[line - 1][column - 1] == char, (text, offset)


@given(QUOTED, st.data())
def test_parts_of_texts_stand_where_they_say(source, data):
    whole = unquoted(Text(source, 1))
    every_place(whole, source)
    start = data.draw(st.integers(0, len(whole.source)))
    end = data.draw(st.integers(start, len(whole.source)))
    every_place(part(whole, start, end), source)
    question, _, given_texts = split_front(whole)
    for text in (question, *given_texts):
        every_place(text, source)
