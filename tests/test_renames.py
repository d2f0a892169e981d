"""Test that renames that a killed process has begun are finished, and that no text of the author is lost by that."""

import json
import os
from hashlib import sha256
from pathlib import Path

import pytest
from decks import run, write_deck

from deckgen.problems import DeckError
from deckgen.renames import JOURNAL, finish_renames, write_together

NOTE = "# Deck\n\n## What is a key?\n\nThat.\n"


class Killed(BaseException):
    """Ends a process in the tests. Nothing handles it."""


@pytest.fixture
def left(tmp_path, monkeypatch) -> Path:
    """A deck in which a process was killed after the first of two renames."""
    deck = write_deck(tmp_path / "deck", {"a.md": "old a", "b.md": "old b"})
    replace = os.replace

    def killed(source, target):
        if Path(target).name == "b.md":
            raise Killed
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        # A killed process removes no files.
        patched.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Killed):
            write_together(deck, {deck / "a.md": b"new a", deck / "b.md": b"new b"})
    assert (deck / "a.md").read_text() == "new a" and (deck / "b.md").read_text() == "old b"
    assert hidden(deck) == {JOURNAL, f".b.md.{os.getpid()}.tmp"}
    return deck


def hidden(deck: Path) -> set[str]:
    return {path.name for path in deck.glob(".*")}


def test_the_next_command_finishes_the_renames(left):
    finish_renames(left)
    assert (left / "a.md").read_text() == "new a" and (left / "b.md").read_text() == "new b"
    assert hidden(left) == set()
    finish_renames(left)


def test_a_file_that_was_edited_since_is_kept(left):
    (left / "b.md").write_text("my own words")
    with pytest.raises(DeckError) as raised:
        finish_renames(left)
    (problem,) = raised.value.problems
    assert (problem.file, problem.code) == (str(left / "b.md"), "pull-interrupted") and "without" not in problem.message
    assert (left / "b.md").read_text() == "my own words" and hidden(left) == set()


def test_nothing_is_renamed_if_another_file_was_edited(left):
    (left / "a.md").write_text("my own words")
    with pytest.raises(DeckError, match=r"/a\.md: .*; without its edits: .*/b\.md \(run deckgen pull again"):
        finish_renames(left)
    assert (left / "a.md").read_text() == "my own words" and (left / "b.md").read_text() == "old b"
    assert hidden(left) == set()


def test_the_command_that_finds_a_changed_file_says_so_once(left):
    (left / "a.md").write_text(NOTE)
    (left / "b.md").write_text(NOTE.replace("key", "value"))
    first = run("build", left.name, "--out", "out", cwd=left.parent)
    assert first.returncode == 1
    assert first.stderr.splitlines()[0].startswith("deck/a.md: error: was changed after a pull was interrupted"), (
        first.stderr
    )
    assert "deckgen pull" in first.stderr and "[pull-interrupted]" in first.stderr and not (left / "deck.lock").exists()
    second = run("build", left.name, "--out", "out", cwd=left.parent)
    assert (second.returncode, second.stderr) == (0, "")


def test_files_that_are_written_in_peace_leave_no_record(tmp_path):
    write_together(tmp_path, {tmp_path / "a.md": b"a", tmp_path / "b.md": b"b"})
    assert {path.name for path in tmp_path.iterdir()} == {"a.md", "b.md"}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "rows",
    [
        [["{home}/other.txt", "{home}/victim.txt", digest("mine"), digest("theirs")]],
        [["{home}/deck/.victim.txt.1.tmp", "{home}/victim.txt", digest("mine"), digest("theirs")]],
        [["/x/.a\0.1.tmp", "/x/a\0", "", ""]],
        [["/x/.a\ud800.1.tmp", "/x/a\ud800", "", ""]],
        [[1, 2, 3, 4]],
        [["a"]],
        {},
        5,
    ],
)
def test_a_record_that_deckgen_did_not_write_moves_nothing(rows, tmp_path):
    """A cloned repository may contain one."""
    deck = write_deck(tmp_path / "deck", {"a.md": NOTE, ".victim.txt.1.tmp": "theirs"})
    (tmp_path / "victim.txt").write_text("mine")
    (tmp_path / "other.txt").write_text("theirs")
    (deck / JOURNAL).write_text(json.dumps(rows).replace("{home}", str(tmp_path)))
    result = run("build", deck, "--out", tmp_path / "out")
    assert (result.returncode, "Traceback" in result.stderr) == (0, False), result.stderr
    assert (tmp_path / "victim.txt").read_text() == "mine" and (tmp_path / "other.txt").read_text() == "theirs"
    assert not (deck / JOURNAL).exists()


def test_a_record_that_is_damaged_is_removed(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTE, JOURNAL: b"[[\xff"})
    assert run("build", deck, "--out", tmp_path / "out").returncode == 0
    assert not (deck / JOURNAL).exists()
