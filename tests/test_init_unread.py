"""Tests `deckgen init` with files that cannot be read: deck.toml is written, and each file is reported with a line."""

from decks import build, run, write_deck

from deckgen.sources import read_project

NOW = 1_700_000_000
NOTE = "## What is a query?\n\nA vector.\n"
CORE = "---\ntags: daily\ncreated: {{date}} {{time}}\n---\n\n## Why?\n"
TEMPLATER = "---\naliases: [<% tp.file.title %>\n---\n\n## Why?\n"
TYPO = "---\ntitle: [a\n---\n\n## Why?\n\nSo.\n"


def vault(folder, files: dict):
    write_deck(folder, files)
    (folder / "deck.toml").unlink()
    return folder


def test_templates_are_excluded_and_the_deck_builds(tmp_path):
    folder = vault(
        tmp_path / "vault",
        {"a.md": NOTE, "daily.md": CORE, "sub/daily.md": NOTE.replace("query", "key"), "t/[x].md": TEMPLATER},
    )
    result = run("init", "vault", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines() == [
        "vault/daily.md:3:19: warning: front matter is not YAML: expected <block end>, but found '{' (a template: exclude in deck.toml leaves it out) [front-matter]",
        "vault/t/[x].md:2:30: warning: front matter is not YAML: expected ',' or ']', but got '<stream end>' (a template: exclude in deck.toml leaves it out) [front-matter]",
    ]
    assert result.stdout.splitlines()[-1] == "vault/deck.toml written: 'vault', 2 notes. Next: deckgen build vault"
    project = read_project(folder)
    assert project.exclude == ("/daily.md", "t/[[]x].md")
    assert [path.relative_to(folder).as_posix() for path in project.files()] == ["a.md", "sub/daily.md"]
    assert build(folder, tmp_path / "out", NOW)["notes"] == 2


def test_a_note_that_cannot_be_read_is_reported_and_not_excluded(tmp_path):
    """It may hold notes. Each build reports it until it is corrected or its author excludes it."""
    folder = vault(tmp_path / "vault", {"a.md": NOTE, "b.md": TYPO, "sub/c.md": b"## \xff?\n\nA.\n"})
    result = run("init", "vault", cwd=tmp_path)
    assert result.returncode == 0
    first, second = result.stderr.splitlines()
    assert first.startswith("vault/b.md:2:10: warning: front matter is not YAML")
    assert first.endswith('(correct it, or leave it out: exclude = ["/b.md"] in deck.toml) [front-matter]')
    assert second.endswith(
        '(save the file as UTF-8; correct it, or leave it out: exclude = ["sub/c.md"] in deck.toml) [file-encoding]'
    )
    assert "exclude" not in (folder / "deck.toml").read_text()
    assert "vault/b.md:2:10: error" in run("build", "vault", cwd=tmp_path).stderr
    (folder / "deck.toml").write_text((folder / "deck.toml").read_text() + 'exclude = ["/b.md", "sub/c.md"]\n')
    assert build(folder, tmp_path / "out", NOW)["notes"] == 1


def test_a_deck_whose_files_cannot_be_read_begins_empty(tmp_path):
    vault(tmp_path / "vault", {"daily.md": CORE})
    result = run("init", "vault", cwd=tmp_path)
    assert result.returncode == 0 and "0 notes" in result.stdout
    for command in ("check", "build"):
        told = run(command, "vault", cwd=tmp_path)
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr.startswith(
            "vault: error: all note files (*.md) in this folder are excluded (exclude in deck.toml "
        )


def test_a_deck_without_notes_is_an_error(tmp_path):
    vault(tmp_path / "vault", {"a.md": "Only prose.\n"})
    assert run("init", "vault", cwd=tmp_path).returncode == 0
    result = run("build", "vault", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == (
        "vault: error: no notes in the files of this deck (deckgen check shows how each file is read, and what would read it) [deck-empty]"
    )
    assert "vault/a.md:1:1: warning: no questions found" in result.stderr
    assert not (tmp_path / "build").exists() and not (tmp_path / "vault" / "deck.lock").exists()
