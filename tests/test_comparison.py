"""The table of the comparison in the docs and the README is that of the measured results."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "compare"))

from page import PAGE, README, RESULTS, WORDS, page, readme

RESULT_KEYS = {"name", "version", "ids", "edit", "move", "rebuild", "code", "cloze"}


def test_the_page_and_the_readme_have_the_measured_results():
    found = json.loads(RESULTS.read_text("utf-8"))
    assert PAGE.read_text("utf-8") == page(found), "run tests/compare/page.py"
    text = README.read_text("utf-8")
    assert readme(text, found) == text and "| genanki 0." in text


def test_all_tools_are_measured_or_quoted():
    found = json.loads(RESULTS.read_text("utf-8"))
    measured = {row["name"] for row in found}
    assert measured == {"deckgen", "AnkiOps", "yanki", "md2anki", "ankcompiler", "genanki"}
    assert measured | {"Obsidian_to_Anki"} == WORDS.keys() | {"deckgen"}
    assert all(row.keys() == RESULT_KEYS for row in found)
