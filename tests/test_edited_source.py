"""Edits in the HTML of a field, merged into the author's Markdown."""

import random

import pytest
from anki_html import render_as

from deckgen.to_markdown import Form, edited_source, same_html

# The author's Markdown, what is replaced in its HTML, and the Markdown after the edit.
EXAMPLES = [
    ("a __cat__ sat\non a mat", ("cat", "dog"), "a __dog__ sat\non a mat"),
    ("* one\n* two", ("two", "three"), "* one\n* three"),
    ("* one\n* two\n", ("</ul>", "<li>three</li></ul>"), "* one\n* two\n- three"),
    ("A $x^2$ and \\(y\\).", ("and", "or"), "A $x^2$ or \\(y\\)."),
    ("Text\n====\n\nmore *text*", ("more", "much"), "Text\n====\n\nmuch *text*"),
    ("```py\nx = 1\n```\n\nold", ("old", "new"), "```py\nx = 1\n```\n\nnew"),
    ("|a|b|\n|-|-|\n|1|2|\n\nold", ("old", "new"), "|a|b|\n|-|-|\n|1|2|\n\nnew"),
    ("one\n\ntwo", ("<p>one</p>", "<p>one</p><div>and a half</div>"), "one\n\nand a half\n\ntwo"),
    ("{{c1::a *b*::hint}} c", ("c</p>", "d</p>"), "{{c1::a *b*::hint}} d"),
    ("one\n\ntwo", ("<p>one</p>\n", ""), "two"),
]


@pytest.mark.parametrize("source, edit, expected", EXAMPLES)
def test_an_edit(source, edit, expected):
    clozes = "{{c" in source
    render = render_as(Form.BLOCKS, clozes=clozes)
    base = render(source)
    assert edit[0] in base
    edited = base.replace(*edit)
    result = edited_source(source, base, edited, Form.BLOCKS, render=render, clozes=clozes)
    assert result.same
    assert result.markdown == expected


@pytest.mark.parametrize("source", ["a __b__ c", "* x\n* y", "***", "  odd   *spaces*  \n\n\n\nend\n", "<b>x</b>"])
def test_a_field_without_an_edit_is_the_source(source):
    render = render_as(Form.BLOCKS)
    html = render(source)
    for written in (html, html.replace("\n", " "), html.replace("strong>", "b>")):
        assert edited_source(source, html, written, Form.BLOCKS, render=render).markdown == source


STYLED = (
    "Setext\n------\n\n* one __bold__ `code`\n* two _it_\n\ntext\n\n1) first\n2) second $x_1$\n\n> quoted *text*\n> more\n\n"
    "| a | b |\n|---|---|\n| one | two |\n\n```py\ndef f(x):\n    return x  # one\n```\n\n![alt](media/a.png)\n\nlast <kbd>key</kbd> words, and 3\\*4."
)


@pytest.mark.parametrize("count", [20, pytest.param(40, marks=pytest.mark.proof)])
def test_random_edits_appear_in_the_source_and_leave_the_rest(count):
    """Words of the text are replaced, removed and added in the HTML."""
    source, render = random.Random(5), render_as(Form.BLOCKS)
    base = render(STYLED)
    words = ["bold", "two", "first", "second", "quoted", "more", "words", "last", "return", "key"]
    kept = 0
    for _ in range(count):
        edited, touched = base, source.sample(words, source.randint(1, 3))
        for word in touched:
            edited = edited.replace(word, source.choice(("new", "a*b", f"{word} &lt;x&gt;", "<b>x</b> y", "")), 1)
        result = edited_source(STYLED, base, edited, Form.BLOCKS, render=render)
        assert same_html(render(result.markdown), edited, blocks=True), (touched, edited, result.markdown)
        kept += "1) first" in result.markdown or "first" in touched
        kept += "* two _it_" in result.markdown or "two" in touched
        kept += "```py\n" in result.markdown or "return" in touched
    # Signs of the source stay on lines that an edit did not touch, but for edits that move the ends of blocks.
    assert kept > 0.95 * 3 * count, kept
