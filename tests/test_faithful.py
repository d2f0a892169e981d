"""Every card has the HTML that Anki's engine makes: all cards of both decks, and generated ones of all note types."""

from pathlib import Path

from decks import build, package_of, with_pictures, write_deck
from faithful import differences
from generated_notes import generated_deck


def test_every_card_of_the_decks_is_the_one_of_the_engine(built_notes, tmp_path):
    count, found = differences(Path(built_notes["folder"]), package_of(built_notes), tmp_path)
    assert count == built_notes["cards"] > 300
    assert found == []


def test_every_generated_card_is_the_one_of_the_engine(tmp_path):
    deck = with_pictures(write_deck(tmp_path / "deck", generated_deck(notes=240, seed=1)))
    summary = build(deck, tmp_path / "out", 1_700_000_000)
    count, found = differences(deck, package_of(summary), tmp_path)
    assert count == summary["cards"] > 350
    assert found == []
