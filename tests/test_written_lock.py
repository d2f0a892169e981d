"""A lock that deckgen wrote is not validated again, and lines of notes that did not change are kept. Any other lock is validated."""

import pytest
from decks import DECK_TOML, run, write_deck
from msgspec.structs import replace

from deckgen.identity.lock import Lock, dump_lock, load_lock, load_written
from deckgen.sources import read_lock

NOTES = "# Attention\n\n## What is a query?\n\nA vector.\n\n## What is a key? {#key}\n\nAnother “vector”.\n"
NOW = 1_700_000_000


def built(tmp_path, monkeypatch):
    """A deck that was built with a cache."""
    monkeypatch.setenv("DECKGEN_CACHE", str(tmp_path / "cache"))
    deck = write_deck(tmp_path / "deck", {"deck.toml": DECK_TOML, "a.md": NOTES})
    build(tmp_path)
    return deck


def build(tmp_path, status=0):
    result = run("build", "deck", "--out", "out", cwd=tmp_path, now=NOW)
    assert result.returncode == status, result.stderr
    return result


def test_a_written_lock_is_read_as_a_validated_one(tmp_path, monkeypatch):
    deck = built(tmp_path, monkeypatch)
    text, lock = read_lock(deck)
    assert len(lock.lines) == 2 and not load_lock(text, "deck.lock").lines
    assert replace(lock, lines={}) == load_lock(text, "deck.lock")
    assert dump_lock(lock) == text


def test_a_lock_without_notes_can_be_read():
    text = dump_lock(Lock())
    assert load_written(text) == load_lock(text, "deck.lock") == Lock()


@pytest.mark.parametrize(
    ("old", "new"), [('"kind": "basic"', '"kind": "cloze"'), ('"mod": 1', '"mod": 2'), ('"id": "key", ', "")]
)
def test_a_damaged_lock_is_refused_after_a_build(tmp_path, monkeypatch, old, new):
    deck = built(tmp_path, monkeypatch)
    lock = deck / "deck.lock"
    text = lock.read_text("utf-8")
    assert old in text
    lock.write_text(text.replace(old, new, 1), "utf-8")
    assert "its check is wrong" in build(tmp_path, status=1).stderr


def test_the_lines_of_an_entry_are_kept_only_if_it_did_not_change(tmp_path, monkeypatch):
    deck = built(tmp_path, monkeypatch)
    (deck / "a.md").write_text(NOTES.replace("A vector", "One vector"), "utf-8")
    build(tmp_path)
    text = (deck / "deck.lock").read_text("utf-8")
    assert dump_lock(load_lock(text, "deck.lock")) == text
    assert "0 added, 0 changed, 2 unchanged" in build(tmp_path).stdout


def test_a_lock_in_another_form_is_written_again(tmp_path, monkeypatch):
    """Another program wrote the same values with other blanks."""
    deck = built(tmp_path, monkeypatch)
    lock = deck / "deck.lock"
    text = lock.read_text("utf-8")
    lock.write_text(text.replace('{"guid"', '{ "guid"'), "utf-8")
    build(tmp_path)
    assert lock.read_text("utf-8") == text
