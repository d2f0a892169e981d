"""Test that a release and the check of a pull request use the committed pictures. They run no code of the deck, and report missing pictures."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from author import Author, new_author
from decks import git, kept_workers, write_deck
from figures.figure_texts import LINE
from runner import Runner

from deckgen.init.repository import Place, workflows
from deckgen.package.read import read_package
from deckgen.problems import DeckError

NOTES = {"apple": "Red. ![](figure:line)"}


@pytest.fixture
def author(tmp_path: Path) -> Iterator[Author]:
    author = new_author(tmp_path / "author")
    write_deck(author.deck, {"deck.toml": author.toml(), "figures/shapes.py": LINE})
    author.write(NOTES, 0)
    with kept_workers():
        yield author


def test_a_release_uses_the_frozen_pictures(author: Author) -> None:
    done = author.release("1.0.0", 1, no_exec=True)
    [picture] = (author.deck / "figures" / "frozen").glob("*.webp")
    package = read_package(author.package("1.0.0"))
    assert done.tag == "test-deck-1.0.0" and any(item.name.startswith("fig-line-") for item in package.media)
    assert author.git("ls-files", "--", str(picture)) and author.git("status", "--porcelain") == ""


def delete_pictures(author: Author) -> None:
    shutil.rmtree(author.deck / "figures" / "frozen")
    author.git("commit", "--quiet", "--all", "--message", "without pictures")


def ignore_pictures(author: Author) -> None:
    author.git("rm", "--quiet", "-r", "--cached", "notes/figures/frozen")
    with (author.home / ".gitignore").open("a") as file:
        file.write("frozen/\n")
    author.git("commit", "--quiet", "--all", "--message", "ignored")


def remove_pictures_from_git(author: Author) -> None:
    author.git("rm", "--quiet", "-r", "--cached", "notes/figures/frozen")
    author.git("commit", "--quiet", "--message", "not committed")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (delete_pictures, "apple.md:5:10: error: figure line("),
        (ignore_pictures, "git ignores files of the deck"),
        (remove_pictures_from_git, "files are not committed"),
    ],
)
def test_pictures_that_are_not_committed_are_an_error(author: Author, damage, message: str) -> None:
    damage(author)
    lock = (author.deck / "deck.lock").read_bytes()
    with pytest.raises(DeckError) as raised:
        author.release("1.0.0", 1)
    assert message in str(raised.value)
    assert (
        (author.deck / "deck.lock").read_bytes() == lock
        and not author.package("1.0.0").exists()
        and author.git("tag") == ""
    )


@pytest.mark.parametrize("options", [{"no_exec": True}, {"dry_run": True}])
def test_allow_dirty_computes_missing_pictures_except_with_no_exec_or_dry_run(author: Author, options: dict) -> None:
    delete_pictures(author)
    with pytest.raises(DeckError) as raised:
        author.release("1.0.0", 1, allow_dirty=True, **options)
    assert "has no frozen picture" in str(raised.value) and not (author.deck / "figures" / "frozen").exists()
    author.release("1.0.0", 1, allow_dirty=True)
    assert author.package("1.0.0").is_file() and len([*(author.deck / "figures" / "frozen").iterdir()]) == 2


def check_workflow(author: Author) -> Path:
    for name, text in workflows(Place(author.home, "notes"), "test-deck").items():
        (author.home / name).parent.mkdir(parents=True, exist_ok=True)
        (author.home / name).write_text(text)
    [path] = (author.home / ".github" / "workflows").glob("*check.yml")
    return path


def test_a_missing_picture_of_a_pull_request_is_reported_at_its_line_and_no_code_runs(
    author: Author, tmp_path: Path
) -> None:
    path = check_workflow(author)
    trap = LINE.replace("drawing = canvas(2)", f"open({str(tmp_path / 'ran')!r}, 'w'); drawing = canvas(2)")
    write_deck(author.deck, {"deck.toml": author.toml(), "figures/shapes.py": trap})
    author.git("add", "--all")
    author.git("commit", "--quiet", "--message", "another drawing, without its picture")
    runner = Runner(author.home, tmp_path / "runner", {"GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "topic"})
    steps = runner.run(path, "check", "Check the notes", "Build the deck of the pull request")
    assert [step.returncode for step in steps] == [0, 1]
    assert steps[1].stdout.startswith("::error file=notes/apple.md,line=5,col=10::figure line("), steps[1].stdout
    assert not (tmp_path / "ran").exists()


def test_the_check_fails_if_a_picture_differs_from_what_its_code_draws(author: Author, tmp_path: Path) -> None:
    path = check_workflow(author)
    step = "Compute the figures again and compare them with the frozen pictures"
    assert [done.returncode for done in Runner(author.home, tmp_path / "one", {}).run(path, "check", step)] == [0]
    [picture] = (author.deck / "figures" / "frozen").glob("*.webp")
    text = (author.deck / "figures" / "shapes.py").read_text("utf-8")
    (author.deck / "figures" / "shapes.py").write_text(text.replace("grid: bool", "slop: bool"), "utf-8")
    assert [done.returncode for done in Runner(author.home, tmp_path / "two", {}).run(path, "check", step)] == [1]
    git(author.home, "checkout", "--", "notes/figures")
    picture.write_bytes(picture.read_bytes()[:-1])
    assert [done.returncode for done in Runner(author.home, tmp_path / "three", {}).run(path, "check", step)] == [1]
