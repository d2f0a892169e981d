"""Runs the examples of docs/math.md. Markdown and TOML become files, and console commands must print what the page shows."""

import re
from pathlib import Path

from decks import run, write_deck

PAGE = Path(__file__).parents[2] / "docs" / "math.md"
TOML = 'id = "1"\nname = "Deck"\nslug = "deck"\nversion = "0.1.0"\ndialect = "heading"\nlevel = 2\n'


def test_examples_print_what_they_show(tmp_path):
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    toml, ran = TOML, 0
    for language, text in blocks:
        if language == "toml":
            toml = TOML + text
        elif language == "markdown":
            write_deck(tmp_path, {"deck.toml": toml, "notes.md": text})
            toml = TOML
        elif language == "console":
            command, _, shown = text.partition("\n")
            result = run(*command.removeprefix("$ deckgen ").split(), cwd=tmp_path)
            assert result.stdout + result.stderr == shown
            ran += 1
    assert ran == 8
