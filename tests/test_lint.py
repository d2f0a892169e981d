"""Case files of lints. Each case is a .md file in the folder of its lint, and an .expected file with the problems."""

from pathlib import Path

import pytest
from case_files import pairs
from decks import BOXES, DECK_TOML, run, write_deck

from deckgen.lint import LINTS, lint
from deckgen.pipeline import check
from deckgen.problems import DeckError, Severity

CASES = pairs("cases/lint/*/*.md")


def test_each_lint_has_cases():
    assert {param.values[0].file.parent.name for param in CASES} == set(LINTS)


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_a_lint_gives_the_expected_problems(case, monkeypatch):
    name, code = case.file.name, case.file.parent.name
    monkeypatch.chdir(case.file.parent)
    found = sorted(lint(check([Path(name)], lambda what, done, total: None).notes, [code]))
    assert {(p.severity, p.code, p.file) for p in found} <= {(Severity.WARNING, code, name)}
    case.agrees([f"{p.line}:{p.column} {p.message}" for p in found])


TWICE = "# D\n\n## What is a closure?\n\nA.\n\n## What's a closure?\n\nB.\n"


@pytest.mark.parametrize(
    "asked, told",
    [
        ("", "question-repeated"),
        ("lint = []", None),
        ('lint = ["source-missing"]', "source-missing"),
    ],
)
def test_only_the_lints_that_a_deck_names_are_run(asked, told, tmp_path):
    deck = write_deck(tmp_path / "deck", {"deck.toml": f"{DECK_TOML}{asked}\n", "a.md": TWICE})
    # A file that is named twice is read once.
    checked = check([deck, deck / "a.md"], lambda what, done, total: None)
    assert len(checked.notes) == 2 and {problem.code for problem in checked.problems} == ({told} if told else set())
    strict = run("build", deck, "--strict", "--out", tmp_path / "out")
    assert (strict.returncode, ": error: " in strict.stderr) == (int(told is not None), told is not None)


def test_an_unknown_lint_is_an_error_at_its_line(tmp_path):
    deck = write_deck(tmp_path, {"deck.toml": f'{DECK_TOML}lint = ["source"]\n', "a.md": TWICE})
    with pytest.raises(
        DeckError, match=r"deck.toml:5:1: error: lint is not a list of lints: .*answer-long, .*source-missing"
    ):
        check([deck], lambda what, done, total: None)


@pytest.mark.parametrize("other, told", [("The right one.", set()), ("The left one.", {"question-repeated"})])
def test_a_covered_picture_is_part_of_the_question(other, told, tmp_path):
    notes = [f"## Which?\n\n![](figure:boxes){{.occlude}}\n\n{said}\n" for said in ("The left one.", other)]
    deck = write_deck(tmp_path, {"a.md": "# D\n\n" + "\n".join(notes), "figures/drawings.py": BOXES})
    assert {problem.code for problem in check([deck], lambda what, done, total: None).problems} == told


def test_decks_are_not_compared_with_one_another(tmp_path):
    decks = [write_deck(tmp_path / name, {"a.md": TWICE[:31]}) for name in "ab"]
    assert check(decks, lambda what, done, total: None).problems == ()
