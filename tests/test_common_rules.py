"""Texts with few kinds of markup are converted with few rules. The HTML is the same as with all rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.render.convert import Converter
from deckgen.render.extensions import new_common_markdown, new_markdown
from deckgen.render.extensions.common import OtherRulesNeededError, may_be_common

ALL, COMMON, CONVERTER = new_markdown(), new_common_markdown(), Converter()
# What common rules read, and signs of the others.
WORDS = ["a", "为什么", "x_1", "**b**", "*i*", "__b__", "_i_", "***", "`c`", "``", "\\*", "\\=", "\\~", "\\^", "\\|", "\\$", "\U000f0000", ":", "!", "?", "=", "+",
         "(c)", '"', "'", "$", "http://a.b", "a@b.c", "1.", "\x03", "wzxhzdk:0", "  ", "%", "#", "-", ">", "]", "}", "[x]", "<b>", "&amp;", "~~d~~", "x^2^", "==h==", "{.k}", "|", "[^1]"]  # fmt: skip
STARTS = ["", "", "", "- ", "* ", "1. ", "2) ", "  - ", "    - ", "   ", "    ", "        ", "\t", "> ", ">", "> - ", "# ", "### ", "#", "##", "---", "***", "===", "```", "```python", "~~~",
          "    ```", "> ```", ": ", "  : ", "!!! note", "??? a", "+ "]  # fmt: skip
LINES = st.builds(
    lambda start, words: start + " ".join(words), st.sampled_from(STARTS), st.lists(st.sampled_from(WORDS), max_size=3)
)
TEXTS = st.lists(LINES | st.just(""), min_size=1, max_size=9).map("\n".join)


@given(TEXTS)
def test_common_rules_make_the_same_html(text: str) -> None:
    expected = ALL.reset().convert(text)
    try:
        assert COMMON.reset().convert(text) == expected
    except OtherRulesNeededError:
        pass
    assert CONVERTER.convert(text) == expected


@pytest.mark.parametrize(
    "text",
    ["a\n\n- **b**\n  - c", "1. a\n\n```python\nd[0] = {1: 2} | {3 & 4} == 5\n```\n\nb `c`", "# a\n\n> b", "a: b = c!"],
)
def test_texts_of_usual_notes_need_no_other_rule(text: str) -> None:
    assert may_be_common(text)
    assert COMMON.reset().convert(text) == ALL.reset().convert(text)


@pytest.mark.parametrize(
    "text", ["[a](b)", "a | b", "<b>a</b>", "&lt;", "~~a~~", "a^2^", "==a==", "# a {.b}", "!!! note", "??? a", "a\n: b"]
)
def test_texts_with_other_signs_need_all_rules(text: str) -> None:
    assert not may_be_common(text)
    with pytest.raises(OtherRulesNeededError):
        COMMON.reset().convert(text)


@pytest.mark.parametrize(
    "text",
    ["    a\n```\n??? b\n```", "- a\n\n        b\n    ```\n    c | d\n    ```", "    \n> ```\n> !!! note\n> ```"],
)
def test_a_code_fence_that_is_read_as_text_needs_all_rules(text: str) -> None:
    """Python-Markdown puts the source of a fence back that is right below indented code."""
    assert CONVERTER.convert(text) == ALL.reset().convert(text)
    with pytest.raises(OtherRulesNeededError):
        COMMON.reset().convert(text)
