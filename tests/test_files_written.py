"""Files are written atomically. What killed processes left is removed, links stay, and errors name the file of the user."""

import os
import subprocess
import sys

import pytest
from decks import run, write_deck

from deckgen.files import staged_folder, write_text

NOTE = "# Deck\n\n## What is a key?\n\nThat.\n"


def gone() -> int:
    """The id of a process that is gone."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_a_build_removes_the_temporary_files_of_killed_builds(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTE})
    dead, out = gone(), tmp_path / "out"
    out.mkdir()
    left = [deck / f".deck.lock.{dead}.tmp", out / f".test-deck-1.0.0.apkg.{dead}.tmp"]
    kept = [deck / f".deck.lock.{os.getppid()}.tmp", deck / f".other.lock.{dead}.tmp", deck / ".deck.lock.mine.tmp"]
    for path in (*left, *kept):
        path.write_text("half")
    assert run("build", "deck", "--out", "out", cwd=tmp_path).returncode == 0
    assert [path for path in (*left, *kept) if path.exists()] == kept


def test_a_linked_lock_stays_a_link(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTE})
    (tmp_path / "locks").mkdir()
    (deck / "deck.lock").symlink_to("../locks/real.lock")
    for answer in ("This.", "That."):
        write_deck(deck, {"a.md": NOTE.replace("That.", answer)})
        assert run("build", "deck", "--out", "out", cwd=tmp_path).returncode == 0
        assert (deck / "deck.lock").is_symlink() and (deck / "deck.lock").readlink().name == "real.lock"
    assert [path.name for path in (tmp_path / "locks").iterdir()] == ["real.lock"]
    assert (tmp_path / "locks" / "real.lock").read_text().count('"guid"') == 1


def test_an_error_names_the_file_and_not_the_temporary_one(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    for path in (blocked / "deck.lock", tmp_path / "none" / "deck.lock"):
        with pytest.raises(OSError) as error:
            write_text(path, "text")
        assert error.value.filename == str(path)
    with pytest.raises(OSError) as error, staged_folder(blocked / "release"):
        pass
    assert error.value.filename == str(blocked / "release")


def test_a_folder_in_place_of_the_package_is_named(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTE})
    (tmp_path / "out" / "test-deck-1.0.0.apkg").mkdir(parents=True)
    result = run("build", "deck", "--out", "out", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (1, "out/test-deck-1.0.0.apkg: error: Is a directory\n")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["test-deck-1.0.0.apkg"]
    assert deck.is_dir()


def test_a_file_that_is_too_large_for_the_disk_is_named(tmp_path):
    resource = pytest.importorskip("resource")
    write_deck(tmp_path / "deck", {"a.md": NOTE})

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    done = subprocess.run(
        [sys.executable, "-P", "-m", "deckgen", "build", "deck", "--out", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=limit,
    )
    assert (done.returncode, done.stderr) == (1, "out/test-deck-1.0.0.apkg: error: File too large\n")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_error_in_a_staged_folder_names_the_file_in_the_folder(tmp_path):
    with pytest.raises(OSError) as error, staged_folder(tmp_path / "release") as (folder, _):
        (folder / "none" / "a.txt").write_text("")
    assert error.value.filename == str(tmp_path / "release" / "none" / "a.txt")
