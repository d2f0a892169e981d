"""Decks that share the code of their figures: `figures` in deck.toml names the folder."""

from pathlib import Path

import pytest
from decks import DECK_TOML, build, git, run, write_deck
from figure_texts import LINE

NOW = 1_700_000_000
NOTES = "# Notes\n\n## One?\n\n![](figure:line{})\n"
OUTER = DECK_TOML + 'exclude = ["en"]\n'
INNER = DECK_TOML.replace("0123", "4567").replace("test-deck", "test-deck-en").replace("Test Deck", "English Deck")
SHARED = INNER + 'figures = "../figures"\n'


@pytest.fixture
def outer(tmp_path: Path) -> Path:
    """A deck with figures, and in it another one that shares them."""
    files = {"deck.toml": OUTER, "a.md": NOTES.format(""), "figures/shapes.py": LINE}
    return write_deck(tmp_path / "notes", {**files, "en/deck.toml": SHARED, "en/a.md": NOTES.format("?n=4")})


def pictures(deck: Path) -> list[str]:
    return sorted(path.name for path in (deck / "figures" / "frozen").glob("*.webp"))


def test_each_deck_keeps_its_own_pictures(outer: Path, tmp_path: Path) -> None:
    inner = outer / "en"
    built = [build(deck, tmp_path / "out", NOW) for deck in (outer, inner)]
    assert [found["media"] for found in built] == [1, 1]
    assert len(pictures(outer)) == len(pictures(inner)) == 1 and pictures(outer) != pictures(inner)
    for deck in (outer, inner):
        for command in (
            ["check"],
            ["figures", "--check"],
            ["build", "--no-exec", "--locked", "--out", tmp_path / "out"],
        ):
            result = run(command[0], deck, *command[1:])
            assert result.returncode == 0, result.stderr


def test_prune_does_not_remove_pictures_of_another_deck(outer: Path, tmp_path: Path) -> None:
    inner = outer / "en"
    for deck in (outer, inner):
        build(deck, tmp_path / "out", NOW)
    kept = pictures(outer)
    write_deck(inner, {"deck.toml": SHARED, "a.md": NOTES.format("?n=5")})
    build(inner, tmp_path / "out", NOW)
    assert len(pictures(inner)) == 2
    for deck, removed in ((outer, 0), (inner, 1)):
        assert f"{removed} frozen picture" in run("figures", deck, "--prune").stdout
    assert pictures(outer) == kept and len(pictures(inner)) == 1


def test_a_message_names_the_file_of_a_figure_without_parent_steps(outer: Path) -> None:
    write_deck(outer, {"deck.toml": OUTER, "figures/shapes.py": LINE.replace("n: int", "n")})
    result = run("check", outer / "en")
    assert result.returncode == 1
    assert result.stderr.startswith(str(outer / "figures" / "shapes.py")) and ".." not in result.stderr


def wrong(deck: Path, line: str) -> str:
    write_deck(deck, {"deck.toml": DECK_TOML + line + "\n", "a.md": NOTES.format("")})
    result = run("check", deck)
    assert (result.returncode, result.stdout) == (1, "")
    return result.stderr.strip().removeprefix(f"{deck / 'deck.toml'}:")


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    expected = (
        "5:1: error: figures: no such folder: ../drawings (it is relative to the folder of deck.toml) [deck-toml]"
    )
    assert wrong(tmp_path / "deck", 'figures = "../drawings"') == expected


def test_a_folder_outside_of_the_repository_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    line = 'figures = "../../figures"'
    deck = write_deck(
        tmp_path / "repository" / "deck", {"deck.toml": DECK_TOML + line + "\n", "a.md": "# D\n\n## Q?\n\nA.\n"}
    )
    assert run("check", deck).returncode == 0  # without a repository any folder will do
    git(tmp_path / "repository", "init")
    expected = (
        "5:1: error: figures: ../../figures is outside of the deck's git repository (a clone would lack it) [deck-toml]"
    )
    assert wrong(deck, line) == expected


def test_a_link_out_of_the_repository_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    deck = write_deck(tmp_path / "deck", {})
    git(deck, "init")
    (deck / "code").symlink_to(tmp_path / "elsewhere")
    assert "is outside of the deck's git repository" in wrong(deck, 'figures = "code"')


@pytest.mark.parametrize("value", ['"/figures"', '""', "3", '"..\\\\figures"'])
def test_a_value_that_is_not_a_relative_folder_is_an_error(tmp_path: Path, value: str) -> None:
    assert "5:1: error: figures is not a folder, relative to the deck's folder" in wrong(
        tmp_path / "deck", f"figures = {value}"
    )
