"""Commands find deck.toml in the folders above the current folder, as git and cargo do."""

import json

import pytest
from decks import DECK_TOML, build, package_of, run, write_deck

NOW = 1_700_000_000
OLD = "# D\n\n## What is a query in attention?\n\nA query is what a position asks the others for.\n"
LEFT = "## What is a query in self-attention?\n\nA query is what a position asks the others for, too.\n"
RIGHT = "## What is a query in cross-attention?\n\nA query is what a position asks the others for, also.\n"


@pytest.fixture
def deck(tmp_path):
    return write_deck(
        tmp_path / "deck",
        {"a.md": "## What?\n\nThat, see $x_1.\n", "sub/deeper/b.md": "## Who?\n\nNobody, see $x_2.\n"},
    )


@pytest.mark.parametrize(
    "inside, up, a, b",
    [
        (".", "", "a.md", "sub/deeper/b.md"),
        ("sub", "../", "../a.md", "deeper/b.md"),
        ("sub/deeper", "../../", "../../a.md", "b.md"),
    ],
)
def test_build_and_check_from_a_sub_folder(deck, inside, up, a, b):
    """The package is the same in each folder, and paths are relative to the current folder."""
    result = run("build", cwd=deck / inside, now=NOW)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"{up}build/test-deck-1.0.0.apkg: 2 notes")
    assert [path.name for path in (deck / "build").glob("*.apkg")] == ["test-deck-1.0.0.apkg"]
    expected = {
        f"{file}:3:{column}: warning: $ is never closed (write \\$ for the sign) [math-unclosed]"
        for file, column in ((a, 11), (b, 13))
    }
    assert set(result.stderr.splitlines()) == expected
    checked = run("check", cwd=deck / inside)
    assert (checked.returncode, set(checked.stderr.splitlines())) == (0, expected)
    lock = (deck / "deck.lock").read_text()
    assert '"file": "sub/deeper/b.md"' in lock
    assert run("build", "--locked", cwd=deck / inside, now=NOW + 1).returncode == 0
    assert (deck / "deck.lock").read_text() == lock


def test_check_of_the_current_folder(deck):
    result = run("check", ".", cwd=deck / "sub")
    assert result.stderr.startswith("deeper/b.md:3:13: ") and result.stderr.count("\n") == 1
    (note,) = json.loads(run("list", ".", "--json", cwd=deck / "sub").stdout)
    assert note["file"] == "deeper/b.md"


def test_out_is_relative_to_the_current_folder(deck):
    assert run("build", "--out", "here", cwd=deck / "sub", now=NOW).returncode == 0
    assert (deck / "sub" / "here" / "test-deck-1.0.0.apkg").is_file()
    assert run("build", "deck", cwd=deck.parent, now=NOW).returncode == 0
    assert (deck.parent / "build" / "test-deck-1.0.0.apkg").is_file()


def test_figures_from_a_sub_folder(deck):
    result = run("figures", "--json", cwd=deck / "sub")
    assert (result.returncode, json.loads(result.stdout)) == (0, [])


def test_lock_commands_from_a_sub_folder(tmp_path):
    deck = write_deck(tmp_path / "deck", {"sub/a.md": OLD})
    build(deck, tmp_path / "out", NOW)
    guid = next(json.loads(line)["guid"] for line in (deck / "deck.lock").read_text().splitlines() if '"guid"' in line)
    (deck / "sub" / "a.md").write_text(f"# D\n\n{LEFT}\n{RIGHT}")
    stopped = run("build", cwd=deck / "sub", now=NOW + 1)
    assert f"deckgen lock same {guid} a.md:3 or: deckgen lock new a.md:3" in stopped.stderr
    assert run("lock", "same", guid, "a.md:3", cwd=deck / "sub").returncode == 0
    assert run("lock", "new", "a.md:7", cwd=deck / "sub").returncode == 0
    assert run("build", cwd=deck / "sub", now=NOW + 1).returncode == 0


def test_release_from_a_sub_folder(deck):
    for file in deck.rglob("*.md"):
        file.write_text(file.read_text().replace("$", ""))
    build(deck, deck / "build", NOW)
    result = run("release", "2.0.0", "--allow-dirty", cwd=deck / "sub", now=NOW)
    assert result.returncode == 0, result.stderr
    assert (deck / "build" / "test-deck-2.0.0" / "test-deck-2.0.0.apkg").is_file()
    assert 'version = "2.0.0"' in (deck / "deck.toml").read_text()


def test_a_named_folder_is_not_searched_above(deck):
    """A folder in a deck may be meant as another deck. So the deck around it is not built."""
    for command in (["build", "sub"], ["figures", "sub"], ["release", "sub", "2.0.0"]):
        result = run(*command, cwd=deck)
        assert (result.returncode, result.stdout) == (1, "")
        assert (
            result.stderr
            == "sub: error: no deck.toml in this folder (the deck that it belongs to is .) [deck-missing]\n"
        )
    write_deck(deck / "sub", {"deck.toml": DECK_TOML.replace("test-deck", "sub-deck")})
    assert package_of(build(deck / "sub", deck / "out", NOW)).name == "sub-deck-1.0.0.apkg"


def test_a_missing_deck_is_an_error(tmp_path):
    for command in (["build"], ["figures"], ["release", "1.0.0"]):
        result = run(*command, cwd=tmp_path)
        assert (result.returncode, result.stdout) == (1, "")
        assert (
            result.stderr
            == ".: error: no deck.toml in this folder or above it (deckgen init writes one) [deck-missing]\n"
        )
    (tmp_path / "a.md").write_text("## What?\n\nThat.\n")
    assert run("check", cwd=tmp_path).returncode == 0
