"""Formulas with clozes in Anki's own engine. Their braces and colons do not end a cloze."""

import re
from html import unescape
from pathlib import Path

import pytest
from decks import build, package_of, write_deck
from engine import cards, collection, import_package, render_errors

FORMULAS = [
    line
    for line in (Path(__file__).parent / "cases" / "formulas.tex").read_text("utf-8").splitlines()
    if line and line[0] != "%"
]
# A formula in a cloze, with a hint; a cloze in a formula; a nested cloze.
WAYS = ("{{c1::$F$}}", "{{c1::$$F$$::提示}}", "$a::b^{b^{c}} + {{c1::F}}$", "{{c1::外 {{c2::$F$}} 内}}")
NOW = 1_700_000_000


@pytest.fixture(scope="module")
def notes(tmp_path_factory) -> list[tuple[str, str, list]]:
    """Return for each note its template, its formula, and its cards as the engine renders them."""
    folder = tmp_path_factory.mktemp("clozed")
    written = [(way, tex) for way in WAYS for tex in FORMULAS]
    text = "".join(f"### 第 {n} 题？{{#q{n}}}\n\n{way.replace('F', tex)}\n\n" for n, (way, tex) in enumerate(written))
    deck = write_deck(folder, {"a.md": f"# D\n\n{text}"})
    package = package_of(build(deck, folder / "out", NOW))
    with collection(folder / "anki") as col:
        import_package(col, package)
        assert render_errors(col) == []
        found: dict[str, list] = {}
        for card in cards(col):
            found.setdefault(card.note()["Id"], []).append(card.render_output(browser=False))
        return [(way, tex, found[f"q{n}"]) for n, (way, tex) in enumerate(written)]


def plain(html: str) -> str:
    """Return the TeX as it was written: without entities and spaces between closing braces, and with the original row ends."""
    return re.sub(r"\}\s+(?=\})", "}", unescape(html)).replace(r"\\*[", r"\\[")


def test_there_are_at_least_as_many_formulas(notes):
    assert len(notes) >= 300
    assert sum(len(outputs) for *_, outputs in notes) == len(FORMULAS) * 5


def test_an_answer_shows_the_whole_formula(notes):
    for way, tex, outputs in notes:
        for output in outputs:
            assert plain(tex) in plain(output.answer_text), (way, tex)


def test_a_question_hides_the_formula_and_shows_no_mark(notes):
    for way, tex, outputs in notes:
        shown = outputs[0].question_text
        assert ("[提示]" if "提示" in way else "[...]") in shown, (way, tex)
        # A broken cloze would show its end or the end of its formula.
        text = re.sub(r"<style>.*?</style>|<[^>]*>", "", shown, flags=re.S)
        assert "{{" not in text and "}}" not in text and "c1::" not in text, (way, tex)
        if way.startswith("{{c1::$"):
            assert r"\)" not in text and r"\]" not in text, (way, tex)
