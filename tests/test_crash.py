"""A build killed at any moment leaves whole files, and the next build is right."""

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

from decks import build, package_of, write_deck
from deckgen.identity.lock import load_lock
from engine import collection, import_package

NOW = 1_700_000_000
NOTE = "# Deck\n\n## What is a query?\n\n{}\n\n## What is a key?\n\nWhat a position offers.\n"
# Runs deckgen, and kills it at the n-th time that it opens, makes, renames or removes something in the two folders.
KILLER = """
import os, signal, sys
left, *folders = int(sys.argv[1]), *sys.argv[2:4]
def hook(event, args):
    global left
    if event in ("open", "os.mkdir", "os.rename", "os.remove") and str(args[0]).startswith(tuple(folders)):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from deckgen.cli import main
main(["build", folders[0], "--out", folders[1]])
"""


def killed_build(deck: Path, out: Path, moment: int) -> bool:
    """Whether the build was killed at the given moment; False when it was done before."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(NOW)}
    result = subprocess.run([sys.executable, "-c", KILLER, str(moment), str(deck), str(out)], env=env, capture_output=True)
    assert result.returncode in (0, -signal.SIGKILL), result.stderr.decode()
    return result.returncode != 0


def test_killed_at_every_moment(tmp_path):
    moments = 0
    for moment in range(1, 100):
        home = tmp_path / str(moment)
        deck, out = write_deck(home / "deck", {"a.md": NOTE.format("First.")}), home / "out"
        first = package_of(build(deck, out, NOW))
        lock, guids = deck / "deck.lock", guids_of(deck / "deck.lock")
        with collection(home / "learner") as col:
            import_package(col, first)
            (deck / "a.md").write_text(NOTE.format("Second."))
            killed = killed_build(deck, out, moment)
            assert zipfile.ZipFile(first).testzip() is None
            assert guids_of(lock) == guids
            import_package(col, first)
            (deck / "a.md").write_text(NOTE.format("Third."))
            build(deck, out, NOW)
            assert guids_of(lock) == guids
            assert import_package(col, first).updated == 1, f"killed at {moment}: the change was lost"
            assert col.find_notes("Third.") and col.note_count() == 2
        if not killed:
            break
        moments += 1
    assert moments >= 8, "the build was killed at too few moments to prove anything"


def test_killed_before_the_first_build_is_done(tmp_path):
    for moment in range(1, 100):
        home = tmp_path / str(moment)
        deck, out = write_deck(home / "deck", {"a.md": NOTE.format("First.")}), home / "out"
        killed = killed_build(deck, out, moment)
        assert not list(out.glob("*.apkg")) or zipfile.ZipFile(next(out.glob("*.apkg"))).testzip() is None
        build(deck, out, NOW)
        if moment == 1:
            guids = guids_of(deck / "deck.lock")
        assert guids_of(deck / "deck.lock") == guids
        if not killed:
            return
    raise AssertionError("the build never ended")


def guids_of(lock: Path) -> list[str]:
    return [entry.guid for entry in load_lock(lock.read_text(), str(lock)).notes]
