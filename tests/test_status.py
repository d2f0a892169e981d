"""deckgen status: what differs between notes, last build and last release. `desktop/test_pull_desktop.py` compares with a running Anki."""

import json

import pytest
from decks import build, run, write_deck

NOW = 1_700_000_000
DAY = 86_400
NOTES = "## What is red?\n\nA warm colour.\n\n## What is blue?\n\nA cold colour.\n\n## What is green?\n\nA colour of leaves.\n"
# A port at which no program listens.
NO_ANKI = ("--url", "http://127.0.0.1:9")


@pytest.fixture
def deck(tmp_path):
    folder = write_deck(tmp_path / "notes", {"a.md": NOTES})
    build(folder, tmp_path / "out", NOW)
    done = run("release", folder, "1.0.0", "--out", tmp_path / "out", "--allow-dirty", now=NOW + DAY)
    assert done.returncode == 0, done.stderr
    return folder


def test_a_deck_that_was_just_released(deck, tmp_path):
    found = run("status", "notes", "--out", "out", *NO_ANKI, cwd=tmp_path, now=NOW + 2 * DAY)
    assert found.stdout.splitlines()[:3] == [
        "notes    3 notes in 1 file",
        "build    nothing changed since the last build",
        "release  nothing changed since 1.0.0 of 2023-11-15",
    ]
    assert found.stdout.splitlines()[3].startswith("Anki     not compared: Anki does not answer")
    assert len(found.stdout.splitlines()) == 4


def test_what_changed_since_the_build_and_since_the_release(deck, tmp_path):
    path = deck / "a.md"
    path.write_text(path.read_text().replace("warm", "hot"))
    build(deck, tmp_path / "out", NOW + 2 * DAY)
    text = path.read_text().replace("cold", "cool").replace("green", "leaf green")
    path.write_text(text.partition("## What is leaf")[0] + "## What is black?\n\nNo colour.\n")
    before = {each: each.read_bytes() for each in deck.iterdir() if each.is_file()}
    result = run("status", "notes", "--json", "--out", "out", *NO_ANKI, cwd=tmp_path, now=NOW + 3 * DAY)
    found = json.loads(result.stdout)
    rows = [
        (note["question"], note["line"], note["build"], note["release"], note["anki"]) for note in found["differing"]
    ]
    assert rows == [
        ("What is red?", 1, None, "changed", None),
        ("What is blue?", 5, "changed", None, None),
        ("What is black?", 9, "added", None, None),
        ("What is green?", None, "retired", None, None),
    ]
    assert (found["notes"], found["release"]["version"]) == (3, "1.0.0")
    assert found["anki"]["problem"]
    assert {each: each.read_bytes() for each in deck.iterdir() if each.is_file()} == before


def test_a_deck_that_was_never_built(tmp_path):
    write_deck(tmp_path / "notes", {"a.md": NOTES})
    found = run("status", "notes", *NO_ANKI, cwd=tmp_path)
    assert "build    3 added since the last build\nrelease  none\n" in found.stdout
    assert not (tmp_path / "notes" / "deck.lock").exists()


def test_notes_with_errors_have_no_status(tmp_path):
    write_deck(tmp_path / "notes", {"a.md": "<<<<<<< a\n=======\n>>>>>>> b\n"})
    assert run("status", "notes", *NO_ANKI, cwd=tmp_path).returncode == 1
