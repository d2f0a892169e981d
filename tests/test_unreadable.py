"""Note files that cannot be read. Each case is a .md file, and an .expected file with its problems and hints."""

from pathlib import Path

import pytest
from decks import DECK_TOML, run, write_deck

from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.problems import DeckError

CASES = sorted((Path(__file__).parent / "cases" / "unreadable").glob("*.md"))
assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_problems_of_an_unreadable_file(case):
    with pytest.raises(DeckError) as error:
        parse_file(case, case.name, case.name, Settings())
    assert list(map(str, error.value.problems)) == case.with_suffix(".expected").read_text().splitlines()


def test_a_conflict_in_a_note_is_reported_with_all_other_problems(tmp_path):
    text = next(case for case in CASES if case.stem == "conflict").read_text()
    deck = write_deck(tmp_path / "deck", {"a.md": text.replace("\n", "\r\n"), "b.md": "## Empty?\n"})
    result = run("build", "deck", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert [line.partition(" (")[0] for line in result.stderr.splitlines()] == [
        "deck/a.md:2:1: error: a merge conflict, up to line 6",
        "deck/a.md:11:1: error: a merge conflict, up to line 17",
        "deck/b.md:1:1: error: no answer to “Empty?” [answer-missing]",
    ]
    assert not (deck / "deck.lock").exists()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_conflict_in_deck_toml_is_reported_at_its_line(tmp_path, newline):
    conflict = '<<<<<<< HEAD\ntags = ["a"]\n=======\ntags = ["b"]\n>>>>>>> other\n'
    write_deck(
        tmp_path / "deck", {"deck.toml": (DECK_TOML + conflict).replace("\n", newline), "a.md": "## What?\n\nThat.\n"}
    )
    for command in ("build", "check", "list"):
        result = run(command, "deck", cwd=tmp_path)
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr.startswith("deck/deck.toml:5:1: error: a merge conflict, up to line 9 (keep one side")
        assert result.stderr.count("\n") == 1
