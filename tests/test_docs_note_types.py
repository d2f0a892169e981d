"""Tests the examples of docs/note-types.md: they are a deck that builds, and commands print what the page shows."""

import re
from pathlib import Path

from decks import build, package_of, run, write_deck
from engine import cards, collection, import_package, render_errors

PAGE = Path(__file__).parents[1] / "docs" / "note-types.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NAMES = (
    "types/word/type.toml",
    "types/word/front.html",
    "types/word/back.html",
    "notes.md",
    "",
    "theme.css",
)


def test_the_examples_build_and_print_what_the_page_shows(tmp_path):
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    files = {name: text for name, (_, text) in zip(NAMES, blocks, strict=True) if name}
    deck = write_deck(tmp_path / "deck", files)
    command, _, shown = blocks[4][1].partition("\n")
    result = run(*command.removeprefix("$ deckgen ").split(), cwd=deck)
    assert (result.stdout, result.stderr) == (shown, "")
    with collection(tmp_path / "learner") as col:
        assert import_package(col, package_of(build(deck, tmp_path / "out", 1_700_000_000))).new == 1
        (card,) = cards(col)
        assert render_errors(col) == [] and "smaller than a word" in card.question()
        assert "<i>“un” and “likely” in “unlikely”.</i>" in card.answer() and "#7a1fa2" in card.note_type()["css"]
