"""Tests `deckgen init --example`: the deck has one of everything, builds without running code, and can be released."""

import json
from pathlib import Path

import pytest
from decks import git, run, run_process

import deckgen
from deckgen.package.read import read_package

EXAMPLE = Path(deckgen.__file__).parent / "init" / "example"
NOW = 1_700_000_000


@pytest.fixture
def example(tmp_path) -> Path:
    result = run("init", "--example", "first", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "first/notes.md written" in result.stdout
    assert result.stdout.splitlines()[-1] == "first/deck.toml written: 'Searching', 8 notes. Next: deckgen build first"
    return tmp_path / "first"


def test_the_example_has_no_problems_and_runs_no_code(example):
    checked = run("check", example, "--strict")
    assert (checked.returncode, checked.stderr) == (0, "")
    built = json.loads(run("build", example, "--strict", "--no-exec", "--json", "--out", example / "build").stdout)
    assert (built["notes"], built["cards"], built["media"]) == (8, 16, 3)


def test_the_example_has_one_of_everything(example):
    notes = json.loads(run("list", example, "--json").stdout)
    assert {note["kind"] for note in notes} == {"basic", "cloze", "occlusion"}
    run("build", example, "--out", example / "build")
    (package,) = (example / "build").glob("*.apkg")
    fields = "\n".join(field for note in read_package(package).notes for field in note.fields)
    for mark in (
        r"\(",
        r"\[",
        "<table",
        'class="highlight',
        "<img",
        "{{c1::",
        "admonition",
        "Knuth",
        "image-occlusion:rect",
    ):
        assert mark in fields, mark
    text = (example / "notes.md").read_text()
    assert all(mark in text for mark in (".reversed", ".typed", ".occlude", "figure:", "img/", "> [!tip]", "Source:"))


def test_the_figures_of_the_example_are_those_of_its_code(example):
    checked = run_process("figures", example, "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_example_can_be_released(example, tmp_path):
    for arguments in (
        ("init", "-q"),
        ("config", "user.name", "Author"),
        ("config", "user.email", "author@example.org"),
    ):
        git(example, *arguments)
    assert run("build", cwd=example, now=NOW).returncode == 0
    git(example, "add", "-A")
    git(example, "commit", "-qm", "first")
    released = run("release", "1.0.0", cwd=example, now=NOW + 60)
    assert released.returncode == 0, released.stderr
    assert (example / "build" / "searching-1.0.0" / "searching-1.0.0.apkg").exists()


def test_the_example_is_not_written_among_other_files(tmp_path):
    (tmp_path / "mine.md").write_text("# Mine\n")
    result = run("init", "--example", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("mine.md:") and result.stderr.rstrip().endswith("[folder-used]")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]


def test_an_interrupted_example_can_be_written_again(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.md").write_bytes((EXAMPLE / "notes.md").read_bytes())
    assert run("init", "--example", cwd=tmp_path).returncode == 0


def test_a_file_is_no_folder_for_the_example(tmp_path):
    (tmp_path / "first").write_text("")
    result = run("init", "--example", "first", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (
        1,
        "first: error: is not a folder (name a new folder) [folder-used]\n",
    )
