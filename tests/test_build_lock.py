"""Only one command at a time changes a deck. A second one waits, then says that another one is running."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from decks import build_in_process, run, run_process, write_deck

from deckgen.build_lock import only_this_process
from deckgen.identity.lock import load_lock

NOW = 1_700_000_000
NOTE = "# Deck\n\n## What is a key?\n\nThat.\n"
# A build that waits before it writes its files, until there is a file `go`.
SLOW_BUILD = """
import sys, time
from pathlib import Path
from deckgen.pipeline import build

def progress(what, done, total):
    if what == "writing" and not done:
        Path("begun").touch()
        while not Path("go").exists():
            time.sleep(0.02)

build(Path("deck"), Path("out"), int(sys.argv[1]), strict=False, locked=False, progress=progress)
"""
BUSY = "deck: error: another deckgen is changing this deck (run the command again when it is done) [deck-busy]\n"


@pytest.fixture
def deck(tmp_path):
    return write_deck(tmp_path / "deck", {"a.md": NOTE})


def begin(place: Path) -> subprocess.Popen:
    """Begin a slow build, and return when it is about to write."""
    process = subprocess.Popen([sys.executable, "-P", "-c", SLOW_BUILD, str(NOW)], cwd=place)
    while not (place / "begun").exists():
        assert process.poll() is None
        time.sleep(0.02)
    return process


def test_a_second_command_says_that_another_one_is_running(deck, tmp_path):
    build_in_process(deck, tmp_path / "out", NOW - 9)
    write_deck(deck, {"a.md": NOTE.replace("That.", "This.")})
    first = begin(tmp_path)
    try:
        commands = (["build", "deck"], ["figures", "deck", "--prune"])
        with ThreadPoolExecutor() as executor:  # each command waits for five seconds
            results = executor.map(lambda command: run_process(*command, cwd=tmp_path), commands)
        assert [(each.returncode, each.stdout, each.stderr) for each in results] == [(1, "", BUSY)] * 2
        assert run("check", "deck", cwd=tmp_path).returncode == 0, "a command that writes nothing does not wait"
    finally:
        (tmp_path / "go").touch()
        assert first.wait() == 0
    assert build_in_process(deck, tmp_path / "out", NOW + 9).unchanged == 1


def test_a_second_build_waits_for_the_first_one(deck, tmp_path):
    first = begin(tmp_path)
    write_deck(deck, {"a.md": NOTE.replace("That.", "This.")})
    second = subprocess.Popen([sys.executable, "-P", "-c", SLOW_BUILD, str(NOW)], cwd=tmp_path)
    time.sleep(1)
    assert second.poll() is None and not (deck / "deck.lock").exists()
    (tmp_path / "go").touch()
    assert (first.wait(), second.wait()) == (0, 0)
    # The second build had the lock of the first one, so its change has a later time, although both have the same clock.
    [entry] = load_lock((deck / "deck.lock").read_text(), "").notes
    assert entry.mod == NOW + 1


def test_a_killed_command_does_not_block_the_next_one(deck, tmp_path):
    first = begin(tmp_path)
    first.kill()
    first.wait()
    with only_this_process(deck):  # it raises if it has to wait for too long
        pass


@pytest.mark.proof
def test_a_link_to_a_deck_is_the_same_deck_and_another_deck_is_not(deck, tmp_path):
    (tmp_path / "link").symlink_to("deck")
    write_deck(tmp_path / "other", {"a.md": NOTE})
    with only_this_process(tmp_path / "link"):
        first = subprocess.run(
            [sys.executable, "-P", "-m", "deckgen", "build", "deck"], cwd=tmp_path, capture_output=True, text=True
        )
        assert (first.returncode, first.stderr) == (1, BUSY)
        assert run("build", "other", cwd=tmp_path).returncode == 0
