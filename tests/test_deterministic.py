"""Test that the same notes and the same lock give the same bytes, in every environment and at every time."""

import hashlib
from pathlib import Path

from decks import PIXEL, run, write_deck

NOW = 1_700_000_000
NOTE = "---\ntags: [z, a, m]\n---\n\n# Deck\n\n## Which parts?\n\n{{c3::a}} {{c1::b}} {{c2::c}}\n\n![one](1.png) ![two](2.png)\n\n## Why $x$?\n\n```python\nx = 1\n```\n"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def built(deck: Path, out: Path, **environment: str) -> tuple[str, str]:
    result = run("build", deck, "--out", out, **environment)
    assert result.returncode == 0, result.stderr
    return sha256(next(out.glob("*.apkg"))), sha256(deck / "deck.lock")


def test_builds_in_different_environments_give_the_same_bytes(tmp_path):
    files = {"a.md": NOTE, "1.png": PIXEL, "2.png": PIXEL + b"\0"}
    one, two = write_deck(tmp_path / "one", files), write_deck(tmp_path / "far" / "two", files)
    first = built(one, tmp_path / "out1", SOURCE_DATE_EPOCH=str(NOW), PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    second = built(
        two, tmp_path / "out2", SOURCE_DATE_EPOCH=str(NOW), PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C.UTF-8"
    )
    assert first == second


def test_a_later_build_without_changes_gives_the_same_bytes(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTE, "1.png": PIXEL, "2.png": PIXEL + b"\0"})
    first = built(deck, tmp_path / "out", SOURCE_DATE_EPOCH=str(NOW))
    assert built(deck, tmp_path / "out", SOURCE_DATE_EPOCH=str(NOW + 86400)) == first
    assert built(deck, tmp_path / "out", PYTHONHASHSEED="7") == first


def test_a_locked_build_does_not_change_the_lock(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTE, "1.png": PIXEL, "2.png": PIXEL})
    built(deck, tmp_path / "out", SOURCE_DATE_EPOCH=str(NOW))
    lock = (deck / "deck.lock").read_bytes()
    assert run("build", deck, "--out", tmp_path / "out", "--locked").returncode == 0
    (deck / "a.md").write_text(NOTE.replace("x = 1", "x = 2"))
    result = run("build", deck, "--out", tmp_path / "out", "--locked")
    assert result.returncode == 1
    assert "deck.lock: error: the lock is not up to date: 0 added, 1 changed, 0 retired" in result.stderr
    assert (deck / "deck.lock").read_bytes() == lock
