"""deckgen init counts the notes as the new deck has them, and names the deck after a title only if all its files have that title."""

import json
import tomllib

import pytest
from decks import build, run, write_deck

HEADINGS = "## What is a query?\n\nA vector.\n"
TWO_BOLD = "**What is a query?**\n\nA vector.\n\n**What is a key?**\n\nAnother.\n"
TWO_BOLD_CHINESE = "**什么是 query？**\n\n一个向量。\n\n**什么是 key？**\n\n另一个向量。\n"
NOW = 1_700_000_000


def init(folder, files: dict[str, str]):
    """Return what init prints in a folder with these files, and the values of deck.toml."""
    (write_deck(folder, files) / "deck.toml").unlink()
    result = run("init", ".", cwd=folder)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.splitlines(), tomllib.loads((folder / "deck.toml").read_text())


@pytest.mark.parametrize(
    "files",
    [
        {"a.md": TWO_BOLD},
        {"a.md": HEADINGS, "b.md": TWO_BOLD},
        {
            "a.md": HEADINGS,
            "quiz/b.md": TWO_BOLD,
            "quiz/c.md": TWO_BOLD.replace("query", "value").replace("key", "head"),
        },
        {"a.md": HEADINGS, "CHANGELOG.md": "## Why is this a release?\n\nIt has a number.\n"},
    ],
)
def test_the_counts_are_those_of_the_deck(files, tmp_path):
    printed, _ = init(tmp_path, files)
    listed = json.loads(run("list", ".", "--json", cwd=tmp_path).stdout)
    number = f"{len(listed)} note" + "s" * (len(listed) != 1)
    assert printed[-1] == f"deck.toml written: {tmp_path.name!r}, {number}. Next: deckgen build ."
    checked = run("check", ".", cwd=tmp_path).stdout.splitlines()
    assert checked and printed[: len(checked)] == checked
    assert build(tmp_path, tmp_path / "out", NOW)["notes"] == len(listed)


def test_the_table_says_that_deck_toml_names_a_dialect(tmp_path):
    printed, values = init(tmp_path, {"a.md": HEADINGS, "b.md": TWO_BOLD})
    assert values["overrides"] == [{"files": "/b.md", "dialect": "bold"}]
    assert printed[2].split(None, 3)[:3] == ["b.md", "bold", "2"]
    assert printed[2].endswith("named in deck.toml")


def test_the_language_is_that_of_the_notes_that_the_deck_has(tmp_path):
    _, values = init(tmp_path, {"a.md": TWO_BOLD_CHINESE})
    assert (values["dialect"], values["language"]) == ("bold", "zh")


@pytest.mark.parametrize(
    "files, name",
    [
        ({"a.md": f"# Chem\n\n{HEADINGS}"}, "Chem"),
        ({"a.md": f"# Chem (1234567890)\n\n{HEADINGS}"}, "Chem"),
        ({"a.md": f"# Chem (1999)\n\n{HEADINGS}"}, "Chem (1999)"),
        ({"a.md": f"# Chem\n\n{HEADINGS}", "b.md": f"# Chem\n\n{HEADINGS.replace('query', 'key')}"}, "Chem"),
        ({"a.md": f"# Chem\n\n{HEADINGS}", "b.md": HEADINGS.replace("query", "key")}, "my notes"),
        ({"a.md": f"# Chem\n\n{HEADINGS}", "b.md": "Words.\n"}, "my notes"),
        ({"a.md": f"# Chem\n\n{HEADINGS}", "b.md": f"# Bio\n\n{HEADINGS}"}, "my notes"),
        ({"a.md": HEADINGS}, "my notes"),
    ],
)
def test_the_name(files, name, tmp_path):
    assert init(tmp_path / "my notes", files)[1]["name"] == name


def test_a_file_that_cannot_be_read_may_have_another_title(tmp_path):
    files = {"a.md": f"# Chem\n\n{HEADINGS}", "b.md": b"# Bio \xff\n"}
    (write_deck(tmp_path / "vault", files) / "deck.toml").unlink()
    assert "'vault', 1 note." in run("init", "vault", cwd=tmp_path).stdout
