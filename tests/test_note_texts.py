"""Texts cut out of a note file keep the places of what they show."""

from hypothesis import given
from hypothesis import strategies as st

from deckgen.model import Text
from deckgen.parse.document import Document
from deckgen.parse.texts import cut, rewritten
from deckgen.scan import scan

LINES = st.lists(st.text("ab \t*", max_size=8), min_size=1, max_size=6).map("\n".join)


def document(source: str) -> Document:
    return Document("a.md", "a.md", source, scan(source), {})


def stands(text: Text, source: str) -> None:
    """Every character of a text is the one that the file has at its place."""
    lines = source.split("\n")
    for offset, char in enumerate(text.source):
        if char != "\n":
            line, column = text.place(offset)
            assert lines[line - 1][column - 1] == char, (text, offset)


@given(LINES, st.data(), st.integers(0, 6))
def test_a_text_that_is_cut_out_stands_where_it_says(source, data, indent):
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    without = frozenset(data.draw(st.lists(st.integers(1, source.count("\n") + 1), max_size=2)))
    stands(cut(document(source), start, end, without=without, indent=indent), source)


@given(LINES, st.data(), st.integers(0, 6))
def test_what_is_left_of_a_rewritten_text_stands_where_it_did(source, data, indent):
    text = cut(document(source), 0, len(source), indent=indent)
    places = sorted(set(data.draw(st.lists(st.integers(0, len(text.source)), max_size=6))))
    pairs = [(a, b) for a, b in zip(places[::2], places[1::2]) if "\n" not in text.source[a:b]]
    twice = rewritten(rewritten(text, [(a, b, "") for a, b in pairs[:1]]), [])
    stands(twice, source)
    changed = rewritten(text, [(a, b, "XYZ") for a, b in pairs])
    lines = source.split("\n")
    for offset, char in enumerate(changed.source):
        if char not in "\nXYZ":
            line, column = changed.place(offset)
            assert lines[line - 1][column - 1] == char
