"""Case files: fields, clozes, problems, macros and hints, each written so that an author can read it."""

import re

import pytest
from case_files import cases

from deckgen.model import Kind
from deckgen.tex import Preparer

MACROS = {
    "eps": r"\varepsilon", "norm": r"\lVert #1 \rVert", "tight": r"\lVert#1", "both": "#1#2", "swap": r"\frac{#2}{#1 + #2}",
    "outer": r"\norm{#1 + \eps}", "vec": r"\boldsymbol{#1}", "wrong": r"\nothing #1",
}


def folded(html: str) -> str:
    """HTML without line breaks between tags, and with white space folded elsewhere."""
    return re.sub(r"\s+", " ", re.sub(r"(?<=>)\s*\n\s*(?=<)", "", html))


@pytest.mark.parametrize("markdown, html", cases("fields.md"))
def test_field(render, markdown, html):
    assert folded(render(markdown)[0]) == html


@pytest.mark.parametrize("markdown, html", cases("clozes.md"))
def test_cloze(render, markdown, html):
    field, problems = render(markdown, Kind.CLOZE)
    assert (folded(field), problems) == (html, [])


@pytest.mark.parametrize("markdown, wanted", cases("lint.md"))
def test_problems(render, markdown, wanted):
    problems = sorted(render(markdown, macros=MACROS)[1])
    hints = [f" ({p.hint})" if p.hint and p.code != "tex-rewritten" else "" for p in problems]
    assert [f"{p.line}:{p.column} {p.code} {p.message}{hint}" for p, hint in zip(problems, hints)] == wanted.splitlines()


@pytest.mark.parametrize("tex, wanted", cases("macros.md"))
def test_macros(tex, wanted):
    assert Preparer(MACROS).prepare(tex).tex == wanted


@pytest.mark.parametrize("markdown, wanted", cases("hints.md"))
def test_hints(render, markdown, wanted):
    field, problems = render(markdown)
    assert [f"{p.line}:{p.column} {p.hint}" for p in problems] == wanted.splitlines()
    assert {(p.severity, p.code) for p in problems} <= {("info", "math-pseudo")}
    # What a hint says to write is right itself, and shows as math.
    for problem in problems:
        html, wrong = render(problem.hint.removeprefix("write "))
        assert (r"\(" in html, wrong) == (True, [])
