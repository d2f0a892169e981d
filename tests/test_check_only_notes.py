"""Tests `deckgen check --only-notes` and the hook for pre-commit that uses it."""

from pathlib import Path

import pytest
import yaml
from decks import DECK_TOML, git, run, write_deck

ROOT = Path(__file__).parents[1]
GOOD = "# D\n\n## What is a query?\n\nA vector.\n"
BAD = "# D\n\n## What is a key?\n\n![gone](gone.png)\n"


@pytest.fixture
def repository(tmp_path) -> Path:
    """A repository with a deck in a folder, files of the deck that are no notes, and a README outside of the deck."""
    files = {"deck.toml": f'{DECK_TOML}exclude = ["drafts"]\n', "good.md": GOOD, "bad.md": BAD, "drafts/bad.md": BAD}
    write_deck(tmp_path / "my notes", files)
    (tmp_path / "README.md").write_text(BAD)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    return tmp_path


def test_files_that_are_no_notes_are_left_out(repository):
    result = run("check", "--only-notes", "README.md", "my notes/drafts/bad.md", cwd=repository)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_notes_are_checked(repository):
    result = run(
        "check", "--only-notes", "--strict", "README.md", "my notes/bad.md", "my notes/good.md", cwd=repository
    )
    assert result.returncode == 1
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["my notes/bad.md"]
    assert "my notes/good.md" in result.stdout and "README" not in result.stdout


def test_a_deck_that_cannot_be_read_is_reported(repository):
    (repository / "my notes" / "deck.toml").write_text("id = 1\n")
    result = run("check", "--only-notes", "my notes/good.md", cwd=repository)
    assert result.returncode == 1 and "my notes/deck.toml:1:1: error: " in result.stderr


def test_the_hook_runs_this_command_on_staged_markdown(repository):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["language"], hook["types"]) == ("deckgen-check", "python", ["markdown"])
    program, *arguments = hook["entry"].split()
    staged = git(repository, "diff", "--cached", "--name-only", "-z", "--", "*.md").split("\0")[:-1]
    assert len(staged) == 4
    result = run(*arguments, "--strict", *staged, cwd=repository)
    assert program == "deckgen" and result.returncode == 1 and "[media-missing]" in result.stderr
