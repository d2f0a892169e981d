"""The text of links: brackets that are never closed take little time, and closed ones give the links of Python-Markdown."""

import time

import pytest
from markdown import Markdown

from deckgen.render.extensions.link_texts import LinkTexts

MANY = 5000


@pytest.mark.parametrize("mark", ["[", "![", "[[", "![[", "[a] ["])
def test_brackets_that_are_never_closed_take_little_time(mark):
    markdown = Markdown(extensions=[LinkTexts()])
    start = time.process_time()
    html = markdown.convert(mark * MANY)
    assert html.count("[") >= MANY
    # Python-Markdown alone takes minutes.
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "text",
    [
        "[a](b) [c [d] e](f) ![g [h]](i) [j",
        "[a [b](c)",
        "a] [b](c) ] [d",
        "[" * 30 + "a" + "]" * 30 + "(b)",
        "[" * 30 + "a" + "]" * 29 + "(b) [c](d)",
        "[a][b] [b] ![b] ![a [x] y][b] [" + "\n\n[b]: c",
        "`[` [a\\]](b) [`]`](c)",
    ],
)
def test_links_are_those_of_python_markdown(text):
    assert Markdown(extensions=[LinkTexts()]).convert(text) == Markdown().convert(text)
