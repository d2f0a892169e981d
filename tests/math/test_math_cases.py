"""Case files of formulas: fields, clozes, problems, macros and hints."""

import re

import pytest
from case_files import cases

from deckgen.tex import Preparer

MACROS = {
    "eps": r"\varepsilon",
    "norm": r"\lVert #1 \rVert",
    "tight": r"\lVert#1",
    "both": "#1#2",
    "swap": r"\frac{#2}{#1 + #2}",
    "outer": r"\norm{#1 + \eps}",
    "vec": r"\boldsymbol{#1}",
    "wrong": r"\nothing #1",
}


def folded(html: str) -> str:
    """Return the HTML without line breaks between tags. Other white space becomes one space."""
    return re.sub(r"\s+", " ", re.sub(r"(?<=>)\s*\n\s*(?=<)", "", html))


@pytest.mark.parametrize("case", cases("math/cases/fields.md"), indirect=True)
def test_the_html_of_a_field(render, case):
    case.agrees(folded(render(case.given)[0]))


@pytest.mark.parametrize("case", cases("math/cases/clozes.md"), indirect=True)
def test_the_html_of_a_cloze_field(render, case):
    field, problems = render(case.given, "cloze")
    assert problems == []
    case.agrees(folded(field))


@pytest.mark.parametrize("case", cases("math/cases/lint.md"), indirect=True)
def test_the_problems_of_a_formula(render, case):
    problems = sorted(render(case.given, macros=MACROS)[1])
    hints = [f" ({p.hint})" if p.hint and p.code != "tex-rewritten" else "" for p in problems]
    case.agrees("\n".join(f"{p.line}:{p.column} {p.code} {p.message}{hint}" for p, hint in zip(problems, hints)))


@pytest.mark.parametrize("case", cases("math/cases/macros.md"), indirect=True)
def test_expanded_macros(case):
    case.agrees(Preparer(MACROS).prepare(case.given).tex)


@pytest.mark.parametrize("case", cases("math/cases/hints.md"), indirect=True)
def test_the_hint_of_pseudo_math_is_a_right_formula(render, case):
    field, problems = render(case.given)
    assert {(p.severity, p.code) for p in problems} <= {("info", "math-pseudo")}
    # The formula in the hint is right, and is shown as math.
    for problem in problems:
        html, wrong = render(problem.hint.removeprefix("write "))
        assert (r"\(" in html, wrong) == (True, [])
    case.agrees("\n".join(f"{p.line}:{p.column} {p.hint}" for p in problems))
