"""Test that a build that is killed at any moment leaves complete files, and that the next build is right."""

import os
import zipfile
from pathlib import Path

import pytest
from decks import build_in_process, write_deck
from engine import collection, import_package
from killer import killed_copies

from deckgen.identity.lock import load_lock

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
NOW = 1_700_000_000
NOTE = "# Deck\n\n## What is a query?\n\n{}\n\n## What is a key?\n\nWhat a position offers.\n"
IMPORTS = "from deckgen.pipeline import build"
BUILD = (
    f'build(copy / "deck", copy / "out", {NOW}, strict=False, locked=False, progress=lambda what, done, total: None)'
)


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.proof)])
def test_no_change_is_lost_if_a_build_is_killed(tmp_path, step):
    """A learner imports the package after the kill, and then the package of the next build. The learner gets the newest text."""
    home = tmp_path / "home"
    deck = write_deck(home / "deck", {"a.md": NOTE.format("First.")})
    first = build_in_process(deck, home / "out", NOW).package
    guids = guids_of(deck / "deck.lock")
    (deck / "a.md").write_text(NOTE.format("Second."))
    moments = 0
    for copy, killed in killed_copies(home, IMPORTS, BUILD, step):
        package, lock = copy / "out" / first.name, copy / "deck" / "deck.lock"
        with collection(copy / "learner") as col:
            import_package(col, first)
            assert zipfile.ZipFile(package).testzip() is None
            assert guids_of(lock) == guids
            import_package(col, package)
            (copy / "deck" / "a.md").write_text(NOTE.format("Third."))
            build_in_process(copy / "deck", copy / "out", NOW)
            assert guids_of(lock) == guids
            assert import_package(col, package).updated == 1, f"{copy.name}: the change was lost"
            assert col.find_notes("Third.") and col.note_count() == 2
        moments += killed
    assert moments >= 4 / step, "the build was killed at too few moments to prove anything"


@pytest.mark.proof
def test_the_first_build_can_be_killed_and_repeated(tmp_path):
    home = tmp_path / "home"
    write_deck(home / "deck", {"a.md": NOTE.format("First.")})
    found = set()
    for copy, _ in killed_copies(home, IMPORTS, BUILD):
        for package in (copy / "out").glob("*.apkg"):
            assert zipfile.ZipFile(package).testzip() is None
        build_in_process(copy / "deck", copy / "out", NOW)
        found.add(tuple(guids_of(copy / "deck" / "deck.lock")))
    assert len(found) == 1


def guids_of(lock: Path) -> list[str]:
    return [entry.guid for entry in load_lock(lock.read_text(), str(lock)).notes]
