"""Which files of a folder are notes. What is not read is named."""

import os
import subprocess
import sys

import pytest
from decks import DECK_TOML, run, write_deck

NOTE = "# Deck\n\n## What is a {}?\n\nThat.\n"


@pytest.fixture
def deck(tmp_path):
    return write_deck(tmp_path / "deck", {"a.md": NOTE.format("key")})


@pytest.mark.parametrize("name", ["pipe.md", "deck.toml", "deck.lock"])
def test_a_named_pipe_is_an_error_and_does_not_hang(deck, name):
    (deck / name).unlink(missing_ok=True)
    os.mkfifo(deck / name)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "deckgen", "build", "deck"],
        cwd=deck.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (
        1,
        f"deck/{name}: error: cannot be read: it is not a file, but a pipe, a socket or a device [file-unreadable]\n",
    )


def test_a_linked_folder_with_notes_is_an_error_until_it_is_excluded(deck, tmp_path):
    write_deck(tmp_path / "other" / "deep", {"b.md": NOTE.format("query")})
    (deck / "linked").symlink_to("../other")
    result = run("build", "deck", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (
        1,
        "deck/linked: error: is a link to a folder with notes, which are not read "
        "(move the notes into the deck, or name the link in exclude in deck.toml) [file-link]\n",
    )
    (deck / "deck.toml").write_text(f'{DECK_TOML}exclude = ["linked"]\n')
    assert run("build", "deck", cwd=tmp_path).returncode == 0


def test_links_without_notes_and_inside_the_deck_are_no_problem(deck, tmp_path):
    write_deck(deck, {"part/b.md": NOTE.format("query")})
    (tmp_path / "pictures").mkdir()
    for link, target in {"img": "../pictures", "again": "part", "loop": ".", ".hidden": "part"}.items():
        (deck / link).symlink_to(target)
    result = run("list", "deck", cwd=tmp_path)
    assert result.returncode == 0
    assert result.stdout == "deck/a.md:3: basic: What is a key?\ndeck/part/b.md:3: basic: What is a query?\n"


def test_a_folder_with_the_name_of_a_note_file_is_searched_like_any_folder(deck, tmp_path):
    write_deck(deck, {"b.md/c.md": NOTE.format("query"), "empty.md/.keep": ""})
    for command in (("build", "deck", "--out", "out"), ("check", "deck"), ("check", "deck/b.md")):
        result = run(*command, cwd=tmp_path)
        assert (result.returncode, result.stderr) == (0, "")
    assert run("list", "deck", cwd=tmp_path).stdout == (
        "deck/a.md:3: basic: What is a key?\ndeck/b.md/c.md:3: basic: What is a query?\n"
    )


def test_a_link_to_a_folder_with_the_name_of_a_note_file_is_an_error_if_it_has_notes(deck, tmp_path):
    write_deck(tmp_path / "other", {"b.md": NOTE.format("query")})
    (deck / "linked.md").symlink_to("../other")
    result = run("build", "deck", cwd=tmp_path)
    assert result.returncode == 1 and result.stderr.startswith(
        "deck/linked.md: error: is a link to a folder with notes"
    )


def test_modules_in_the_current_folder_are_not_run(deck):
    for name in ("click", "yaml", "markdown", "deckgen_extra"):
        (deck / f"{name}.py").write_text("raise SystemExit('run')\n")
    done = subprocess.run([sys.executable, "-m", "deckgen", "list", "a.md"], cwd=deck, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "a.md:3: basic: What is a key?\n", "")
