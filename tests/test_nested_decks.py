"""A deck inside the folder of another deck is reported, because its notes are in both decks."""

from decks import DECK_TOML, run, write_deck

NOTE = "# Title\n\n## What is a query?\n\nA vector.\n"
INNER = DECK_TOML.replace("Test Deck", "Inner")


def test_a_deck_inside_a_deck_is_reported(tmp_path):
    write_deck(tmp_path / "deck", {"a.md": NOTE, "sub/b.md": NOTE, "sub/deck.toml": INNER})
    result = run("check", "deck", cwd=tmp_path)
    assert "deck/sub/deck.toml:1:1: warning: is a deck inside another deck" in result.stderr
    assert 'exclude = ["sub"] in deck/deck.toml leaves it out) [deck-nested]' in result.stderr
    assert run("build", "deck", "--strict", cwd=tmp_path).returncode == 1


def test_a_deck_that_is_left_out_or_checked_alone_is_not(tmp_path):
    outer = DECK_TOML + 'exclude = ["sub"]\n'
    deck = write_deck(tmp_path / "deck", {"a.md": NOTE, "sub/b.md": NOTE, "sub/deck.toml": INNER})
    (deck / "deck.toml").write_text(outer)
    for folder in ("deck", "deck/sub"):
        result = run("check", folder, cwd=tmp_path)
        assert "deck-nested" not in result.stderr and result.returncode == 0, result.stderr


def test_a_deck_below_a_folder_that_is_no_deck_is_not(tmp_path):
    write_deck(tmp_path / "decks" / "deck", {"a.md": NOTE})
    assert "deck-nested" not in run("check", "decks", cwd=tmp_path).stderr
