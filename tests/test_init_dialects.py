"""deckgen init names dialects in deck.toml: for all files, by patterns, or as comments where only the author can tell."""

import tomllib

from decks import build, run, write_deck

HEADINGS = "## What is a query?\n\nA vector.\n"
TWO_BOLD = "**What is a query?**\n\nA vector.\n\n**What is a key?**\n\nAnother.\n"
THREE_BOLD = TWO_BOLD + "\n**What is a value?**\n\nA third.\n"
FOUR_BOLD = THREE_BOLD + "\n**What is a head?**\n\nOne of some.\n"
TERMS = "# Terms\n\n## Mutex\n\nA lock.\n\n## Semaphore\n\nA counter.\n"
NOW = 1_700_000_000


def init(folder, files: dict[str, str]):
    """The result of init in a folder with these files, deck.toml as text and as values."""
    (write_deck(folder, files) / "deck.toml").unlink()
    result = run("init", ".", cwd=folder)
    assert (result.returncode, result.stderr) == (0, "")
    text = (folder / "deck.toml").read_text()
    return result, text, tomllib.loads(text)


def test_metadata_of_other_tools_counts_in_a_new_deck(tmp_path):
    _, _, values = init(tmp_path, {"a.md": HEADINGS})
    assert (values["metadata"], values["folders"]) == (["decks", "tags", "drafts"], "none")
    assert "overrides" not in values and "dialect" not in values


def test_one_dialect_for_all_files(tmp_path):
    _, _, values = init(tmp_path, {"a.md": FOUR_BOLD, "b.md": THREE_BOLD})
    assert values["dialect"] == "bold" and "overrides" not in values
    _, _, values = init(tmp_path / "few", {"a.md": TWO_BOLD})
    assert values["dialect"] == "bold"


def test_a_pattern_for_a_folder_whose_files_agree(tmp_path):
    files = {"a.md": HEADINGS, "quiz/b.md": THREE_BOLD, "quiz/deep/c.md": FOUR_BOLD, "[x].md": TWO_BOLD}
    _, text, values = init(tmp_path, files)
    assert values["overrides"] == [
        {"files": "/[[]x].md", "dialect": "bold"},
        {"files": "quiz/*.md", "dialect": "bold"},
    ], text
    assert build(tmp_path, tmp_path / "out", NOW)["notes"] == 10


def test_a_pattern_for_each_file_where_they_do_not_agree(tmp_path):
    _, text, values = init(tmp_path, {"quiz/a.md": HEADINGS, "quiz/b.md": THREE_BOLD, "quiz/c.md": FOUR_BOLD})
    assert values["overrides"] == [{"files": "quiz/b.md", "dialect": "bold"}], text


def test_what_only_the_author_can_tell_is_a_comment(tmp_path):
    result, text, values = init(tmp_path, {"a.md": HEADINGS, "terms/b.md": TERMS, "terms/c.md": TERMS})
    assert values["overrides"] == []
    assert '  # {files = "terms/*.md", dialect = "' in text
    assert "would read" in result.stdout
    path = tmp_path / "deck.toml"
    path.write_text(text.replace("  # {files", "  {files"))
    assert build(tmp_path, tmp_path / "out", NOW)["notes"] > 1


def test_the_table(tmp_path):
    files = {"a.md": HEADINGS, "b.md": f"---\ndraft: true\n---\n{HEADINGS}", "c.md": "Words.\n", "d.md": TWO_BOLD}
    result, _, _ = init(tmp_path, files)
    assert result.stdout.splitlines()[:6] == [
        "file  dialect  notes  left out  why",
        "a.md  heading      1            1 heading of level 2 that asks",
        "b.md  none         0         2  left out: draft: true",
        "c.md  none         0         1",
        "d.md  bold         2            named in deck.toml",
        "4 files, 3 notes; 2 files without notes",
    ]
