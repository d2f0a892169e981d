"""Formulas as MathML: the option of deck.toml, the font in the package, and formulas that stay with MathJax."""

import json
import re
from pathlib import Path

import pytest
from decks import DECK_TOML, build, package_of, run, write_deck
from engine import cards, collection, import_package, media_problems, schedules, study

from deckgen.identity.lock import load_lock

NOW = 1_700_000_000
NOTES = r"""# D

### 静态？

设 $\bm x<1$，`$x$`，MLP：

*[MLP]: $y$

$$
\begin{align}f(x)&=\begin{cases}a_{b},&x>0\\[4pt]\text{d\_model},&x\le0\end{cases}\end{align}
$$

### 留给 MathJax？

先 $x_1$，再 $\ce{H2O}$。

### 挖空？

{{c1::$\frac{a}{b^{c}}$}} 与 {{c2::b}}

### 公式里挖空？

$x={{c1::2}}$
"""


@pytest.fixture
def deck(tmp_path):
    return write_deck(tmp_path / "deck", {"a.md": NOTES})


def enable_mathml(deck):
    write_deck(deck, {"deck.toml": DECK_TOML + 'math = "mathml"\n'})


def lock_rows(deck) -> list[tuple[str, int]]:
    """Return the guid and the time of change of each note."""
    path = deck / "deck.lock"
    return [(entry.guid, entry.mod) for entry in load_lock(path.read_text("utf-8"), str(path)).notes]


def test_formulas_become_mathml(render):
    html, problems = render(NOTES.split("### ")[1].partition("\n")[2], mathml=True)
    assert [p.code for p in problems] == ["tex-rewritten"]
    formulas = re.findall(r"<math.*?</math>", html)
    assert len(formulas) == 2
    assert r'<annotation encoding="application/x-tex">\boldsymbol x&lt;1</annotation>' in formulas[0]
    assert '<math display="block">' in formulas[1] and "d_model" in formulas[1]
    # There are no row numbers, no distances between rows as text, and no delimiters.
    assert "(1)" not in html and "pt]" not in html and r"\(" not in html and r"\[" not in html
    assert "<code>$x$</code>" in html and 'title="$y$"' in html


def test_a_formula_that_cannot_be_converted_stays_with_mathjax_and_is_reported(deck):
    enable_mathml(deck)
    told = [p for p in json.loads(run("check", deck, "--json").stdout) if p["code"] == "tex-mathml"]
    assert [(p["line"], p["column"], p["severity"]) for p in told] == [(15, 12, "info"), (23, 2, "info")]
    assert r"\ce" in told[0]["message"] and "cloze" in told[1]["message"]


def test_a_change_of_the_option_keeps_all_guids(deck, tmp_path):
    first = build(deck, tmp_path / "out", NOW)
    before = lock_rows(deck)
    enable_mathml(deck)
    second = build(deck, tmp_path / "out2", NOW + 100)
    after = lock_rows(deck)
    assert [guid for guid, _ in before] == [guid for guid, _ in after]
    # Two notes have MathML now. The others stay with MathJax and did not change.
    assert [old < new for (_, old), (_, new) in zip(before, after)] == [True, False, True, False]
    assert (second["added"], second["changed"], second["retired"]) == (0, 2, 0)
    assert second["media"] == first["media"] + 1


def test_the_engine_imports_mathml(deck, tmp_path):
    first = package_of(build(deck, tmp_path / "out", NOW))
    enable_mathml(deck)
    second = package_of(build(deck, tmp_path / "out2", NOW + 100))
    with collection(tmp_path / "anki") as col:
        import_package(col, first)
        study(col, 3)
        scheduled = schedules(col)
        assert import_package(col, second).updated == 2
        assert schedules(col) == scheduled
        assert (Path(col.media.dir()) / "_latinmodern-math-1.959.woff2").is_file()
        assert media_problems(col) == {"missing": [], "unused": []}
        clozed = [card.render_output(browser=False) for card in cards(col) if "挖空" in card.note().fields[0]]
        assert "@font-face" in cards(col)[0].note_type()["css"]
        assert len(clozed) == 3
        for output in clozed:
            assert "{{c" not in output.answer_text and "}}" not in output.answer_text
        assert "<mfrac>" in clozed[0].answer_text and "<mfrac>" not in clozed[0].question_text
