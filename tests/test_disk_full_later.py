"""Test pulls and releases on a disk of any free size. A pull is done or changes nothing. A release is done, or the same command completes it."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from author import FIRST, NOW, new_author
from decks import run
from disks import fill, small_disk
from engine import collection
from pulling import edit, new_editing
from test_disk_full import PAGE, files
from test_pull_killed import DAY, EDITS, FILES

# The first is deckgen's message, the second that of git.
FULL = re.compile(r"[^\n]+: error: (?:No space left on device|git [^\n]*(?:fatal|error):)[^\n]*\n")


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A disk that is large enough for a repository."""
    with small_disk(tmp_path / "disk", "16m") as disk:
        yield disk


def test_a_pull_on_a_disk_of_any_free_size_is_done_or_changes_nothing(disk, tmp_path):
    editing = new_editing(tmp_path / "home", FILES)
    with collection(editing.editor) as col:
        for line in EDITS:
            edit(col, line)
    start, outcomes = files(editing.deck), []
    for pages in range(9):
        for name, content in start.items():
            (disk / "notes" / name).parent.mkdir(parents=True, exist_ok=True)
            (disk / "notes" / name).write_bytes(content)
        (disk / "notes" / "from-anki.md").unlink(missing_ok=True)
        fill(disk, pages * PAGE)
        words = ("pull", disk / "notes", "--from", editing.editor, "--out", editing.out)
        result = run(*words, now=NOW + 2 * DAY)
        (disk / "filler").unlink()
        assert "Traceback" not in result.stderr, result.stderr
        if result.returncode:
            assert files(disk / "notes") == start and FULL.fullmatch(result.stderr), (pages, result.stderr)
        outcomes.append(result.returncode)
    assert outcomes[0] == 1 and outcomes[-1] == 0 and outcomes == sorted(outcomes, reverse=True)


@pytest.mark.parametrize("step", [24, pytest.param(1, marks=pytest.mark.proof)])
def test_a_release_on_a_disk_of_any_free_size_can_be_completed(disk, step):
    author = new_author(disk / "author")
    author.write(FIRST, 0)
    failed = 0
    for number in range(0, 48, step):
        author.write({**FIRST, "eel": f"Long {number}."}, 10 * number + 1)
        words = ("release", author.deck, f"1.{number}.0", "--out", author.out)
        fill(disk, number * PAGE)
        result = run(*words, now=NOW + (10 * number + 2) * DAY, TMPDIR=str(disk.parent))
        (disk / "filler").unlink()
        assert "Traceback" not in result.stderr, result.stderr
        if result.returncode:
            failed += 1
            assert FULL.fullmatch(result.stderr) and ".tmp" not in result.stderr, (number, result.stderr)
            again = run(*words, now=NOW + (10 * number + 3) * DAY)
            assert again.returncode == 0, (number, again.stderr)
        folder = author.out / f"test-deck-1.{number}.0"
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
        assert author.git("status", "--porcelain") == "" and f"test-deck-1.{number}.0" in author.git("tag")
    assert failed
