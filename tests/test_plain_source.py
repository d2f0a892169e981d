"""Texts without markup skip Python-Markdown. What it would make of them is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.render.extensions import new_markdown
from deckgen.render.plain_source import is_plain_line, plain_paragraphs

MARKDOWN = new_markdown()
WORDS = ["a", "Why", "为什么", "é", "x1", "1.", "10)", "-", "+", "+++", "???", "!!!", ":", "?", "!", "#", "|", "%", "'", '"', "(c)", "...", "\U000f0000",
         "\U000f0001", "、", "　", "\xa0", "  ", "\t", "\x0b", "\x85", "\u2028", "\u200b", "http://a.b", "a@b.c", "*", "_", "[", "<", "&", "`", "~", "=", "$", "^", "{", "\\"]  # fmt: skip
LINES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join) | st.text(max_size=8)
TEXTS = st.lists(LINES | st.just(""), min_size=1, max_size=6).map("\n".join)


@given(TEXTS)
def test_plain_paragraphs_are_what_markdown_makes_of_them(text: str) -> None:
    html = plain_paragraphs(text)
    assert html is None or html == MARKDOWN.reset().convert(text)


@given(LINES)
def test_a_plain_line_is_what_markdown_makes_of_it(text: str) -> None:
    if is_plain_line(text) and text == text.strip() != "":
        # A first character that stands for masked text keeps a line from being a block.
        assert MARKDOWN.reset().convert("\U000f0009" + text) == f"<p>\U000f0009{text}</p>"


@pytest.mark.parametrize("text", ["为什么？", "Why so?\nBecause.\n\nAnd \U000f0000 too: one (or two) | three!", "a  b"])
def test_text_without_markup_is_plain(text: str) -> None:
    assert plain_paragraphs(text) == MARKDOWN.reset().convert(text)


@pytest.mark.parametrize(
    "text", ["**a**", "- a", "1. a", "a  \nb", "a\n- b", "a\n\n    b", "a\n===", "a\n: b", "a&amp;", "# a", "", "a "]
)
def test_text_with_markup_is_not(text: str) -> None:
    assert plain_paragraphs(text) is None
