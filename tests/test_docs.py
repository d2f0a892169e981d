"""Runs the examples of the documentation. Markdown and TOML become files, and console commands must print what the page shows."""

import re
import subprocess
from pathlib import Path

import pytest
from decks import DECK_TOML, run, write_deck

from deckgen.lint import LINTS
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.sources import read_project

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILES = {"markdown": "notes.md", "toml": "deck.toml"}
NOW = 1_700_000_000
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "tests/README.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
PLAIN_TOML = 'id = "1"\nname = "Deck"\nslug = "deck"\nversion = "0.1.0"\n'


def blocks(name: str) -> list[tuple[str, str]]:
    found = BLOCK.findall((ROOT / name).read_text())
    assert found
    return found


def steady(output: str) -> str:
    """Return the output without times and sizes, which differ from machine to machine."""
    return re.sub(r"\d+\.\d s$", "0.0 s", re.sub(r"\d+ KiB", "0 KiB", output), flags=re.M)


def commit_all(folder: Path) -> None:
    (folder / ".gitignore").write_text("build/\n")
    for arguments in (
        ["init", "--quiet"],
        ["config", "user.name", "Author"],
        ["config", "user.email", "author@example.org"],
        ["add", "."],
        ["commit", "--quiet", "--message", "notes"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


@pytest.mark.parametrize(
    "name",
    [
        *("docs/notes.md", "docs/dialects.md", "docs/dialects-of-tools.md", "docs/syntax.md", "docs/files.md"),
        *(
            "docs/deck.md",
            "docs/lint.md",
            "docs/updating.md",
            "docs/releases.md",
            "docs/terminal.md",
            "docs/zh/notes.md",
        ),
    ],
)
def test_console_examples_print_what_they_show(name, tmp_path):
    deck = write_deck(tmp_path, {"deck.toml": PLAIN_TOML, "notes.md": "# D\n\n## Q?\n\nA.\n"})
    ran = 0
    for language, text in blocks(name):
        if language in FILES:
            write_deck(deck, {"deck.toml": (deck / "deck.toml").read_text(), FILES[language]: text})
        if language == "console":
            command, _, shown = text.partition("\n")
            words = command.removeprefix("$ deckgen ").split()
            if words[0] == "release":
                commit_all(deck)
            result = run(*words, cwd=deck, now=NOW)
            assert steady(result.stdout + result.stderr) == steady(shown)
            ran += 1
    assert ran


def test_the_console_example_of_sharing_prints_what_it_shows(tmp_path):
    texts = dict(blocks("docs/sharing.md"))
    command, _, shown = texts["console"].partition("\n")
    (write_deck(tmp_path / "my-deck", {"notes.md": texts["markdown"]}) / "deck.toml").unlink()
    result = run(*command.removeprefix("$ deckgen ").split(), cwd=tmp_path)
    assert (result.stdout, result.stderr) == (shown, "")


def test_the_long_deck_toml_is_valid_and_has_all_keys(tmp_path):
    text = next(text for language, text in blocks("docs/deck.md") if language == "toml")
    project = read_project(
        write_deck(
            tmp_path / "deck",
            {"deck.toml": text, "../figures/models.py": "", "../zh/deck.toml": DECK_TOML, "../img/a.png": ""},
        )
    )
    documented = set(re.findall(r"^(\w+) = ", text, re.M))
    assert documented == {name for name in project.__struct_fields__} - {"root"}


def test_the_example_of_the_readme_is_a_note(tmp_path):
    text = next(text for language, text in blocks("README.md") if language == "markdown")
    (tmp_path / "a.md").write_text(text)
    (note,) = parse_file(tmp_path / "a.md", "a.md", "a.md", Settings()).notes
    assert (note.id, note.source is not None) == ("scale", True)


def test_all_lints_are_documented():
    rows = re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/lint.md").read_text(), re.M)
    assert sorted(rows) == sorted(LINTS)


def test_files_named_in_contributing_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    paths = re.findall(r"`((?:deckgen|docs|notes|tests)/[a-z_./-]*)`", text)
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_commands_and_links_in_the_documentation_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    for page in PAGES:
        text = page.read_text()
        for target in re.findall(r"\bmake ([a-z]+)(?= {2,}#|`)", text):
            assert target in targets, target
        for command in re.findall(
            r"^deckgen ([\w-]+)", "".join(body for language, body in BLOCK.findall(text) if language == "sh"), re.M
        ):
            assert run(command, "--help").returncode == 0, command
        for link in re.findall(r"\]\(([^)#:]+)\)", re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.M | re.S)):
            if not link.startswith("img/") and link != "figure":
                assert (page.parent / link).exists(), f"{page.name}: {link}"
