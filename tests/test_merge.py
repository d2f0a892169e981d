"""Merging two versions of a text by words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.merge import Merge, merge, merge_touching, words
from deckgen.merge.edits import edits

WORD = st.sampled_from(["the ", "cat", "dog", "注", "意", "，", " ", "\n", "\r\n", "$x$", "**", "a", ".", "\n\n"])
TEXT = st.lists(WORD, max_size=12).map("".join)
LONG = "Attention weighs every token by its similarity to the query."


def touching(base: str, ours: str, theirs: str) -> Merge:
    return merge_touching(words(base), words(ours), words(theirs))


both = pytest.mark.parametrize("made_by", [merge, touching])


@given(st.text())
def test_words_are_the_whole_text(text):
    assert "".join(words(text)) == text


@given(base=TEXT, side=TEXT)
def test_an_unchanged_token_is_between_two_edits(base, side):
    found = edits(words(base), words(side))
    assert all(earlier.end < later.start for earlier, later in zip(found, found[1:]))


@both
@given(base=TEXT, other=TEXT)
def test_one_changed_side_is_the_result(made_by, base, other):
    for ours, theirs in ((base, other), (other, base), (other, other)):
        found = made_by(base, ours, theirs)
        assert not found.has_conflict
        assert found.ours == found.theirs == other


@both
@given(base=TEXT, ours=TEXT, theirs=TEXT)
def test_nothing_of_a_side_is_lost(made_by, base, ours, theirs):
    chunks = made_by(base, ours, theirs).chunks
    assert "".join(chunk.base for chunk in chunks) == base
    assert "".join(chunk.ours for chunk in chunks) == ours
    assert "".join(chunk.theirs for chunk in chunks) == theirs


@both
@given(base=TEXT, ours=TEXT, theirs=TEXT)
def test_the_sides_can_change_places(made_by, base, ours, theirs):
    one, other = made_by(base, ours, theirs), made_by(base, theirs, ours)
    assert (one.ours, one.theirs, one.has_conflict) == (other.theirs, other.ours, other.has_conflict)


@both
@given(base=TEXT, ours=TEXT, theirs=TEXT)
def test_without_a_conflict_there_is_one_result(made_by, base, ours, theirs):
    found = made_by(base, ours, theirs)
    assert found.has_conflict or found.ours == found.theirs


@given(left=TEXT, right=TEXT, ours=TEXT, theirs=TEXT)
def test_changes_on_both_sides_of_a_long_unchanged_text_merge(left, right, ours, theirs):
    between = "0123456789" * 20
    found = merge(f"{left} {between} {right}", f"{ours} {between} {right}", f"{left} {between} {theirs}")
    assert not found.has_conflict
    assert found.ours == f"{ours} {between} {theirs}"


@pytest.mark.parametrize(
    "base, ours, theirs, expected",
    [
        ("one two three", "ONE two three", "one two THREE", "ONE two THREE"),
        ("注意力机制的复杂度", "自注意力机制的复杂度", "注意力机制的时间复杂度", "自注意力机制的时间复杂度"),
        ("one\ntwo\n", "ONE\ntwo\n", "one\nTWO\n", "ONE\nTWO\n"),
        ("one two", "one two", "one", "one"),
        ("one two", "ONE two", "ONE two", "ONE two"),
        (LONG, LONG.replace("every", "each"), LONG.replace("query", "key"), LONG.replace("every", "each").replace("query", "key")),
    ],
)  # fmt: skip
def test_changes_apart_merge(base, ours, theirs, expected):
    found = merge(base, ours, theirs)
    assert not found.has_conflict
    assert found.ours == expected


@pytest.mark.parametrize(
    "base, ours, theirs",
    [
        ("one two", "ONE two", "one TWO"),
        ("one, two", "ONE, two", "one, TWO"),
        ("one two three", "one 2 three", "one II three"),
        ("one", "one two", "one three"),
        ("one two", "one", "one TWO"),
        # Both sides write a new sentence. The words that the sentences have in common are no reason to mix them.
        ("The model is a large net of layers", "This is what a person who reads wants", "Nobody is ever a fan of such tests"),
    ],
)  # fmt: skip
def test_changes_at_one_place_conflict(base, ours, theirs):
    found = merge(base, ours, theirs)
    assert found.has_conflict
    assert (found.ours, found.theirs) == (ours, theirs)


def test_touching_changes_merge_where_the_caller_checks_them():
    found = touching("a **cat** sat", "a __cat__ sat", "a **dog** sat")
    assert not found.has_conflict
    assert found.ours == "a __dog__ sat"
    assert merge("a **cat** sat", "a __cat__ sat", "a **dog** sat").has_conflict
