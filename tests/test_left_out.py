"""Nothing of a note file vanishes: each word is in a note, or in the list of what was left out."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pieces import FRONT, NOTES, OTHERS, with_words

from deckgen.model import Note
from deckgen.parse import Parsed, parse_file
from deckgen.parse.dialects import BY_NAME
from deckgen.parse.file_report import file_report
from deckgen.parse.left_out import LeftOut
from deckgen.parse.meta import Settings
from deckgen.pipeline.file_task import hidden_parts
from deckgen.problems import DeckError
from deckgen.render import Renderer

OPTIONS = settings(deadline=None, suppress_health_check=list(HealthCheck))
# How many files are made up for each dialect.
SAMPLE_AND_MANY = pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.proof)])


@st.composite
def files(draw) -> tuple[str, list[str]]:
    """A note file in pieces of all dialects, many of them of the same kind, and its words."""
    usual = draw(st.lists(st.sampled_from(NOTES), min_size=1, max_size=2))
    pieces = draw(st.lists(st.sampled_from(usual * 6 + list(NOTES) + list(OTHERS)), min_size=1, max_size=12))
    blank = draw(st.sampled_from(["\n", "\n", "", "\n\n"]))
    return with_words(draw(st.sampled_from(FRONT)) + blank.join(pieces))


def read(text: str, dialect: str | None) -> Parsed | None:
    """The file as it is read, None if it is not read at all and an error says so."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.md"
        path.write_text(text)
        try:
            return parse_file(path, "a.md", "a.md", Settings(dialect=dialect))
        except DeckError:
            return None


def shown(note: Note) -> str:
    texts = [note.question, *note.body, *([note.source] if note.source else [])]
    sources = [text.source for text in texts] + [note.definitions, *note.section]
    return "\n".join(sources)


def listed(left: tuple[LeftOut, ...]) -> str:
    return "\n".join(each.text for each in left)


@SAMPLE_AND_MANY
@pytest.mark.parametrize("dialect", [None, *BY_NAME])
def test_each_word_is_in_a_note_or_left_out(dialect, count):
    @settings(OPTIONS, max_examples=count)
    @given(files())
    def holds(file):
        text, words = file
        if (parsed := read(text, dialect)) is None:
            return
        found = (
            "\n".join(map(shown, parsed.notes))
            + "\n"
            + listed(file_report("a.md", parsed, hidden_parts(parsed)).left_out)
        )
        assert [word for word in words if word not in found] == []

    holds()


@settings(OPTIONS, max_examples=40)
@given(files(), st.sampled_from([None, *BY_NAME]))
def test_each_word_is_in_a_field_or_left_out(file, dialect):
    """The same of what Anki gets: the HTML of the fields, in which comments and unused definitions are not."""
    text, words = file
    if (parsed := read(text, dialect)) is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        renderer = Renderer(Path(folder), lambda name: pytest.fail(name))
        fields = [html for note in parsed.notes for html in renderer.render(note)[0].fields.values()]
    found = "\n".join(fields) + "\n" + listed(file_report("a.md", parsed, hidden_parts(parsed)).left_out)
    assert [word for word in words if word not in found] == []
