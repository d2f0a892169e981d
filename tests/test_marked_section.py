"""`<![` before a word: browsers take it for a comment up to the next `>`, and some versions of Python refuse to parse it."""

import pytest
from decks import run, write_deck

from deckgen.render.html import parse_html, plain_text
from deckgen.render.svg import has_code
from deckgen.to_markdown.convert import Form, markdown_of


@pytest.mark.parametrize("start", ["<![x>", "<![1 a <b>", "<![soun`:m.m>", "<![cdata-x[>", "<![>", "<![ if>"])
def test_it_is_a_comment(start):
    assert plain_text(f"a {start}c <i>d</i>") == "a c d"
    assert [each.name for each in parse_html(f"{start}<i>d</i>").find_all()] == ["i"]
    assert markdown_of(f"{start}c <i>d</i>", Form.BLOCKS).markdown == "c *d*"


def test_it_ends_with_the_text():
    assert plain_text("a <b>b</b> <![x c") == "a b"


def test_code_after_it_is_found():
    assert has_code(b"<svg><![x><script>alert(1)</script></svg>") and not has_code(b"<svg><![x><g></g></svg>")


def test_a_deck_with_it_is_built_and_counted(tmp_path):
    deck = write_deck(
        tmp_path / "deck", {"a.md": "# T\n\n## What is <![x?\n\n<a href='#b'>A</a> <![soun`:m.\n\n<![1\n"}
    )
    for command in (["build", deck, "--out", tmp_path / "out"], ["stats", deck], ["check", deck]):
        done = run(*command)
        assert done.returncode == 0, done.stderr
