"""Inline rules run only on texts that they may match, and give what Python-Markdown gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

from deckgen.render.extensions import EXTENSIONS, OWN, new_markdown
from deckgen.render.extensions.inline_rules import _NEEDED, InlineRules

SYNTAX = (
    "word 词 `code` \\* \\ [ ] [[page]] ![[a.png]] [^1] [a](b) [a][b] ![a](b) ![a][b] <b>bold</b> <https://a.b/c> <a@b.c> &amp; &#65; "
    "==mark== H~2~O x^2^ *em* **strong** __under__ ~~gone~~ a_b_c ! ( ) { } # $ \x02 \x03 'q' \"q\""
)
LINES = ("  \n", "\n", "\n\n", "- ", "> ", "    code", "*[HTML]: Hyper", "[b]: http://a.b 'c'", "HTML")
PIECES = (*SYNTAX.split(), *LINES)


def reference() -> Markdown:
    """Return Markdown with the same rules and Python-Markdown's own tree processor for them."""
    extensions = [*EXTENSIONS, *(extension() for extension in OWN if extension is not InlineRules)]
    markdown = Markdown(extensions=extensions, extension_configs=EXTENSIONS, output_format="html")
    markdown.ESCAPED_CHARS.append("$")
    markdown.parser.blockprocessors["olist"].LAZY_OL = False
    return markdown


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_the_html_is_that_of_python_markdown(pieces):
    for joined in ("".join(pieces), " ".join(pieces)):
        assert new_markdown().convert(joined) == reference().convert(joined)


@pytest.mark.parametrize("name", sorted(_NEEDED))
def test_each_rule_in_the_table_is_one_of_markdown(name):
    assert name in new_markdown().inlinePatterns


def test_a_rule_does_not_run_on_a_text_that_it_cannot_match(monkeypatch):
    applied = []
    apply = InlineProcessor._InlineProcessor__applyPattern

    def counted(self, rule, *arguments):
        applied.append(rule)
        return apply(self, rule, *arguments)

    monkeypatch.setattr(InlineProcessor, "_InlineProcessor__applyPattern", counted)
    markdown = new_markdown()
    assert markdown.convert("plain words") == "<p>plain words</p>"
    assert applied == []
    assert markdown.convert("`code`") == "<p><code>code</code></p>"
    assert set(applied) == {markdown.inlinePatterns["backtick"]}
