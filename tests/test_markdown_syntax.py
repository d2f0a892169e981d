"""Regular expressions of Markdown syntax match what Markdown reads."""

import re

import pytest

from deckgen.cjk import CJK
from deckgen.scan import scan
from deckgen.scan.syntax import IMAGE


@pytest.mark.parametrize(
    "source, target",
    [
        ("![](a.png)", "a.png"),
        ("![a [b] c](<a>)", "<a>"),
        (r"![\]](a.png 'title')", "a.png"),
        ('![x]( figure:f?a=(1) "a ) b" )', "figure:f?a=(1)"),
        ("![](<a b>)", "<a b>"),
        ("![](figure:f?a=((1,2),(3,4)))", "figure:f?a=((1,2),(3,4))"),
        ("![x](a b)", None),
        ("![x] (a)", None),
        ("[x](a)", None),
    ],
)
def test_the_target_of_an_image(source, target):
    found = re.search(IMAGE, source)
    assert (found and found["target"]) == target


@pytest.mark.parametrize(
    "source, code",
    [
        ("a X", False),
        ("`X`", True),
        ("```\nX\n```", True),
        ("a\n\n    X", True),
        ("<!-- X -->", True),
        ("$X^2$", False),
        ("[a](X)", False),
        ("<pre>X</pre>", True),
    ],
)
def test_code_spans_and_fences(source, code):
    assert scan(source).is_code(source.index("X")) == code


@pytest.mark.parametrize(
    "sign, is_cjk", [(sign, True) for sign in "汉𠀀ア。，⺀㐀"] + [(sign, False) for sign in "aé√한“ "]
)
def test_cjk_characters(sign, is_cjk):
    assert bool(re.fullmatch(f"[{CJK}]", sign)) == is_cjk
