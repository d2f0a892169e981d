"""Test builds on a disk of any free size, and on a read-only one: the old files or the new ones are there, whole, and nothing else."""

import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from decks import build_in_process, run, write_deck
from disks import fill, small_disk

from deckgen.identity.lock import load_lock

NOW = 1_700_000_000
NOTE = "# Deck\n\n## What is a query?\n\n{}\n\n## What is a key?\n\nWhat a position offers.\n"
PAGE = 4096  # bytes that a file system in memory takes for a file at least


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A small disk."""
    with small_disk(tmp_path / "disk", "512k") as disk:
        yield disk


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_on_a_disk_of_any_free_size_is_done_or_changes_nothing(disk):
    deck, out = disk / "deck", disk / "out"
    write_deck(deck, {"a.md": NOTE.format("First.")})
    build_in_process(deck, out, NOW)
    outcomes = []
    for pages in range(12):
        write_deck(deck, {"a.md": NOTE.format(f"Text {pages}.")})
        fill(disk, pages * PAGE)
        before = files(disk)
        result = run("build", deck, "--out", out, now=NOW + pages)
        after = files(disk)
        assert after.keys() == before.keys(), "temporary files are left"
        assert zipfile.ZipFile(out / "test-deck-1.0.0.apkg").testzip() is None
        assert len(load_lock((deck / "deck.lock").read_text(), "deck.lock").notes) == 2
        if result.returncode:
            assert after == before
            assert re.fullmatch(
                r".*/(deck\.lock|deck\.toml|test-deck-1\.0\.0\.apkg|out): error: No space left on device.*\n",
                result.stderr,
            ), result.stderr
        outcomes.append(result.returncode)
        (disk / "filler").unlink()
    assert outcomes[0] == 1 and outcomes[-1] == 0 and outcomes == sorted(outcomes, reverse=True)


def test_a_build_of_a_read_only_deck_says_so_and_leaves_no_package(disk, tmp_path):
    write_deck(disk / "deck", {"a.md": NOTE.format("First.")})
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    result = run("build", disk / "deck", "--out", tmp_path / "out", now=NOW)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert re.search(r"deck/(deck\.lock|deck\.toml).*: error: Read-only file system", result.stderr), result.stderr
    assert not list((tmp_path / "out").glob("*"))


def test_a_locked_build_of_a_read_only_deck_works(disk, tmp_path):
    write_deck(disk / "deck", {"a.md": NOTE.format("First.")})
    build_in_process(disk / "deck", disk / "out", NOW)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    result = run("build", disk / "deck", "--out", tmp_path / "out", "--locked", now=NOW + 5)
    assert (result.returncode, "Traceback" in result.stderr) == (0, False), result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["test-deck-1.0.0.apkg"]


def test_the_time_of_a_note_grows_if_the_clock_goes_back(tmp_path):
    deck = tmp_path / "deck"
    mods = []
    for n, now in enumerate((NOW, NOW - 10**6, NOW + 3, NOW - 5, NOW - 5)):
        write_deck(deck, {"a.md": NOTE.format(f"Text {n}.")})
        build_in_process(deck, tmp_path / "out", now)
        mods.append(max(entry.mod for entry in load_lock((deck / "deck.lock").read_text(), "deck.lock").notes))
    assert mods == sorted(set(mods))
