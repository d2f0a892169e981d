"""Rows of the cache that another version of deckgen wrote may have another form. They are made again."""

import json
import sqlite3
import zlib

import pytest
from decks import DECK_TOML, PIXEL, run, write_deck

from deckgen import cache as cache_module
from deckgen.cache import Cache, Row

NOTES = "# Attention\n\n## What is a query?\n\nA vector.\n\n## What is shown?\n\n![a pixel](a.png)\n"
NOW = 1_700_000_000


@pytest.mark.parametrize("edited", [False, True])
def test_rows_of_another_version_are_made_again(tmp_path, monkeypatch, edited):
    monkeypatch.setenv("DECKGEN_CACHE", str(tmp_path / "cache"))
    deck = write_deck(tmp_path / "deck", {"deck.toml": DECK_TOML, "a.md": NOTES})
    (deck / "a.png").write_bytes(PIXEL)
    with monkeypatch.context() as other:
        other.setattr(cache_module, "code_versions", lambda: b"another version")
        assert run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW).returncode == 0
    assert give_other_forms(next((tmp_path / "cache").glob("*.sqlite"))) >= 3
    if edited:
        (deck / "a.md").write_text(NOTES.replace("A vector", "One vector"), "utf-8")
    result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW + 9)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"0 added, {int(edited)} changed, {2 - edited} unchanged" in result.stdout


def give_other_forms(path) -> int:
    """Replace the values of the rows of note files, and return how many there are."""
    with sqlite3.connect(path) as database:
        keys = dict(database.execute("SELECT name, keys FROM row WHERE name LIKE '%:%'"))
    with Cache(path) as cache:
        for name, own in keys.items():
            cache.put(name, Row(tuple(own.split()), zlib.compress(json.dumps([["another form"]]).encode())))
        cache.save()
    return len(keys)
