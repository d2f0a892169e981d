"""Test that builds and releases that are killed at random moments, with their workers, leave complete files."""

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from author import DAY, NOW, Author, released_author
from decks import build_in_process, write_deck
from killer import randomly_killed_copies

from deckgen.identity.lock import load_lock
from deckgen.problems import DeckError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
SAMPLE_AND_ALL = pytest.mark.parametrize("count", [3, pytest.param(200, marks=pytest.mark.proof)])
NOTE = "# Deck\n\n## What is a query?\n\n{}\n\n## What is a key?\n\n![](figure:line)\n"
FIGURE = """
from matplotlib.figure import Figure
from deckgen.figures import figure

@figure(alt="a line")
def line() -> Figure:
    drawing = Figure(figsize=(4, 2))
    drawing.add_axes((0.2, 0.2, 0.6, 0.6)).plot([0, 1], [0, {}])
    return drawing

@line.check
def _(): pass
"""
BUILD_IMPORTS = "from deckgen.pipeline import build"
BUILD = f'build(copy / "deck", copy / "out", {NOW}, strict=False, locked=False, progress=lambda *_: None)'
RELEASE_IMPORTS = "from deckgen.release.make import release\nfrom deckgen.release.options import ReleaseOptions"
RELEASE = f'release(ReleaseOptions(copy / "notes", "1.1.0", copy / "build", {NOW + 3 * DAY}), lambda *_: None)'


def guids_of(lock: Path) -> list[str]:
    return [entry.guid for entry in load_lock(lock.read_text(), str(lock)).notes]


def contents(folder: Path) -> dict[str, bytes]:
    """The path and the content of each file in a folder, without what git stores."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@SAMPLE_AND_ALL
def test_a_build_killed_at_any_time_leaves_the_old_or_the_new_files(count, tmp_path):
    """A picture is computed, too. The next build gives the files of a build that was not killed, and leaves no others."""
    home = tmp_path / "home"
    deck = write_deck(home / "deck", {"a.md": NOTE.format("First."), "figures/f.py": FIGURE.format(1)})
    name = build_in_process(deck, home / "out", NOW).package.name
    guids = guids_of(deck / "deck.lock")
    toml = (deck / "deck.toml").read_bytes()
    write_deck(deck, {"deck.toml": toml, "a.md": NOTE.format("Second."), "figures/f.py": FIGURE.format(2)})
    old_notes, kills = contents(home / "deck"), 0
    for copy, killed in randomly_killed_copies(home, BUILD_IMPORTS, BUILD, count, seed=5):
        kills += killed
        assert zipfile.ZipFile(copy / "out" / name).testzip() is None
        assert guids_of(copy / "deck" / "deck.lock") == guids
        sources = ("a.md", "deck.toml", "figures/f.py")
        assert {each: (copy / "deck" / each).read_bytes() for each in sources} == {
            each: old_notes[each] for each in sources
        }
        build_in_process(copy / "deck", copy / "out", NOW)
        assert contents(copy) == contents(tmp_path / "complete"), copy.name
        shutil.rmtree(copy)
    assert kills > count / 4, "killed too rarely to prove anything"


def release_again(author: Author) -> None:
    """Release 1.1.0. If git was killed too, it may have left a lock file, which the error names. Then the author removes it."""
    while True:
        try:
            author.release("1.1.0", 4)
            return
        except DeckError as error:
            left = re.search(r"Unable to create '(.*\.lock)': File exists", str(error))
            if not left:
                raise
            Path(left[1]).unlink()


@SAMPLE_AND_ALL
def test_a_release_killed_at_any_time_is_completed_by_the_same_command(count, tmp_path):
    author = released_author(tmp_path / "author")
    author.write({"apple": "Green.", "bear": "Brown.", "eel": "Long."}, 2)
    kills = 0
    for copy, killed in randomly_killed_copies(author.home, RELEASE_IMPORTS, RELEASE, count, seed=7):
        kills += killed
        lock = copy / "notes" / "deck.lock"
        assert guids_of(lock), "the lock is whole"
        for package in copy.rglob("*.apkg"):
            assert zipfile.ZipFile(package).testzip() is None
        repeat = Author(copy)
        if repeat.git("tag").split()[-1:] != ["test-deck-1.1.0"]:
            release_again(repeat)
        folder = copy / "build" / "test-deck-1.1.0"
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
        assert not list(copy.rglob(".*.tmp"))
        shutil.rmtree(copy)
    assert kills > count / 4, "killed too rarely to prove anything"
