"""Tests `deckgen diff` with case files: two decks, and what the command prints about their packages."""

import pytest
from case_files import cases
from decks import DECK_TOML, PIXEL, build, package_of, run, write_deck

NOW = 1_700_000_000


@pytest.mark.parametrize("case", cases("cases/diff/notes.md"), indirect=True)
def test_the_diff_of_two_decks(case, tmp_path):
    """The parts of a case are `=== old`, `=== new`, and more lines for deck.toml as `=== old deck.toml`.

    The second deck is the first one, edited a minute later.
    """
    deck, packages = tmp_path / "deck", []
    for number, step in enumerate(("old", "new")):
        toml = DECK_TOML + case.parts.get(f"{step} deck.toml", "")
        write_deck(deck, {"a.md": case.parts[step], "deck.toml": toml, "p.png": PIXEL, "q.png": PIXEL + b"1"})
        packages.append(package_of(build(deck, tmp_path / step, NOW + 60 * number)))
    result = run("diff", *packages)
    assert (result.returncode, result.stderr) == (0, "")
    case.agrees(result.stdout)
