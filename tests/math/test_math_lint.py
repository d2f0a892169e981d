"""Compares the lint of formulas with MathJax: on right formulas, and on the same formulas with one wrong token."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import require_browser
from decks import run, write_deck
from oracle import accepts

from deckgen.scan import SpanKind, scan
from deckgen.tex import Preparer
from deckgen.tex.names import INSTEAD, is_known_command

HERE = Path(__file__).parent
NOTES = HERE.parents[1] / "notes"
CAUGHT, REJECTED = 0.99, 0.001


def formulas_of_cases() -> list[str]:
    lines = (HERE / "cases" / "formulas.tex").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("%")]


def formulas_of_notes() -> list[str]:
    found = set()
    for path in NOTES.glob("*.md"):
        source = path.read_text("utf-8")
        found |= {source[s.tex_start : s.tex_end] for s in scan(source).spans if s.kind is SpanKind.FORMULA}
    return sorted(found)


def with_one_wrong_token(tex: str) -> Iterator[str]:
    """Yield the formula with one wrong token, in each way and at each place."""
    for match in re.finditer(
        r"\\(begin|end)\{([a-z]+)\}|\\(left|right)(?![a-z])|\\text\{|\\[A-Za-z]+|(?<!\\)[{}^_]", tex
    ):
        before, token, after = tex[: match.start()], match[0], tex[match.end() :]
        if match[1]:
            yield f"{before}\\{match[1]}{{{match[2]}q}}{after}"
            yield before + after
        elif match[3]:
            yield before + after
        elif token == r"\text{":
            yield before + token + r"\alpha " + after
        elif token[0] == "\\":
            yield f"{before}{token}q{after}"
            yield before + token[:-1] + after
        else:
            yield before + token + token + after
            if token in "{}":
                yield before + after
    yield rf"\unknown {tex}"


@pytest.fixture(scope="module")
def good() -> list[str]:
    return [*formulas_of_cases(), *formulas_of_notes()]


def errors(formulas: list[str]) -> tuple[list[str], list[bool]]:
    """Return the TeX that Anki gets for each formula, and whether the lint finds an error in it."""
    prepared = [Preparer({}).prepare(tex) for tex in formulas]
    return [p.tex for p in prepared], [any(finding.wrong for finding in p.findings) for p in prepared]


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.proof)])
def test_the_lint_accepts_right_formulas(good, tmp_path, step):
    """MathJax checks all of them or every fourth. The lint checks all."""
    require_browser()
    assert len(good) > 200
    sent, wrong = errors(good)
    judged = accepts([(tex, True) for tex in sent[::step]], tmp_path)
    assert [tex for tex, fine in zip(good[::step], judged) if not fine] == []
    assert [tex for tex, bad in zip(good, wrong) if bad] == []


@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.proof)])
def test_the_lint_finds_each_wrong_token(good, tmp_path, step):
    """For all formulas, or for every twelfth."""
    require_browser()
    bad = list(dict.fromkeys(text for tex in good[::step] for text in with_one_wrong_token(tex)))
    sent, wrong = errors(bad)
    judged = accepts([(tex, True) for tex in sent], tmp_path)
    missed = [tex for tex, fine, found in zip(bad, judged, wrong) if not fine and not found]
    false = [tex for tex, fine, found in zip(bad, judged, wrong) if fine and found]
    assert judged.count(False) > 2000 / step
    assert len(missed) <= judged.count(False) * (1 - CAUGHT), missed
    assert len(false) <= max(1, judged.count(True) * REJECTED), false


def test_anki_knows_each_suggested_command(tmp_path):
    require_browser()
    assert not [name for name in INSTEAD if is_known_command(name)]
    # Some have arguments, so one or two groups follow each.
    sent = [rf"{tex}{{x}}{{x}}" if not tex.endswith(("^{}", "_{}")) else f"x{tex}" for tex in INSTEAD.values()]
    assert [tex for tex, fine in zip(sent, accepts([(tex, True) for tex in sent], tmp_path)) if not fine] == []


@pytest.mark.parametrize(
    "opening, closing",
    [("{", "}"), (r"\sqrt{", "}"), (r"\left(", r"\right)"), ("x^{", "}"), (r"\begin{matrix}", r"\end{matrix}")],
)
def test_deep_nesting_is_one_error(opening, closing, tmp_path):
    """math-core reads nested groups by recursion. Without the limit the process would crash."""
    deck = write_deck(tmp_path, {"a.md": f"# D\n\n## Q?\n\n$${opening * 9_000}x{closing * 9_000}$$\n"})
    result = run("check", deck / "a.md")
    assert (result.returncode, result.stderr.partition(": ")[2]) == (
        1,
        "error: nested more than 200 deep [tex-nesting]\n",
    ), result.stderr[:500]
