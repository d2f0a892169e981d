"""A release and a pull request take the pictures that are committed: no code of the deck runs, and what is missing is an error."""

import shutil
from pathlib import Path

import pytest
from decks import git, write_deck
from desk import Desk, new_desk
from figures.figure_texts import LINE
from runner import Runner

from deckgen.init.repository import Place, workflows
from deckgen.package.read import read_package
from deckgen.problems import DeckError

NOTES = {"apple": "Red. ![](figure:line)"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = new_desk(tmp_path / "desk")
    write_deck(desk.deck, {"deck.toml": desk.toml(), "figures/shapes.py": LINE})
    desk.write(NOTES, 0)
    return desk


def test_a_release_takes_the_frozen_pictures(desk: Desk) -> None:
    done = desk.release("1.0.0", 1, no_exec=True)
    [picture] = (desk.deck / "figures" / "frozen").glob("*.webp")
    package = read_package(desk.package("1.0.0"))
    assert done.tag == "test-deck-1.0.0" and any(item.name.startswith("fig-line-") for item in package.media)
    assert desk.git("ls-files", "--", str(picture)) and desk.git("status", "--porcelain") == ""


def missing(desk: Desk) -> None:
    shutil.rmtree(desk.deck / "figures" / "frozen")
    desk.git("commit", "--quiet", "--all", "--message", "without pictures")


def ignored(desk: Desk) -> None:
    desk.git("rm", "--quiet", "-r", "--cached", "notes/figures/frozen")
    with (desk.home / ".gitignore").open("a") as file:
        file.write("frozen/\n")
    desk.git("commit", "--quiet", "--all", "--message", "ignored")


def loose(desk: Desk) -> None:
    desk.git("rm", "--quiet", "-r", "--cached", "notes/figures/frozen")
    desk.git("commit", "--quiet", "--message", "not committed")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (missing, "apple.md:5:10: error: figure line("),
        (ignored, "git ignores what the deck is made of"),
        (loose, "not everything is committed"),
    ],
)
def test_pictures_that_are_not_committed_are_an_error(desk: Desk, damage, message: str) -> None:
    damage(desk)
    lock = (desk.deck / "deck.lock").read_bytes()
    with pytest.raises(DeckError) as raised:
        desk.release("1.0.0", 1)
    assert message in str(raised.value)
    assert (
        (desk.deck / "deck.lock").read_bytes() == lock and not desk.package("1.0.0").exists() and desk.git("tag") == ""
    )


@pytest.mark.parametrize("options", [{"no_exec": True}, {"dry_run": True}])
def test_what_is_not_committed_is_released_with_pictures_computed_now_unless_nothing_may_run_or_be_written(
    desk: Desk, options: dict
) -> None:
    missing(desk)
    with pytest.raises(DeckError) as raised:
        desk.release("1.0.0", 1, allow_dirty=True, **options)
    assert "has no frozen picture" in str(raised.value) and not (desk.deck / "figures" / "frozen").exists()
    desk.release("1.0.0", 1, allow_dirty=True)
    assert desk.package("1.0.0").is_file() and len([*(desk.deck / "figures" / "frozen").iterdir()]) == 2


def check_workflow(desk: Desk) -> Path:
    for name, text in workflows(Place(desk.home, "notes"), "test-deck").items():
        (desk.home / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.home / name).write_text(text)
    [path] = (desk.home / ".github" / "workflows").glob("*check.yml")
    return path


def test_a_pull_request_without_its_picture_is_told_so_at_its_line_and_runs_nothing(desk: Desk, tmp_path: Path) -> None:
    path = check_workflow(desk)
    trap = LINE.replace("drawing = canvas(2)", f"open({str(tmp_path / 'ran')!r}, 'w'); drawing = canvas(2)")
    write_deck(desk.deck, {"deck.toml": desk.toml(), "figures/shapes.py": trap})
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--message", "another drawing, without its picture")
    runner = Runner(desk.home, tmp_path / "runner", {"GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "topic"})
    steps = runner.run(path, "check", "Check the notes", "Build the deck of the pull request")
    assert [step.returncode for step in steps] == [0, 1]
    assert steps[1].stdout.startswith("::error file=notes/apple.md,line=5,col=10::figure line("), steps[1].stdout
    assert not (tmp_path / "ran").exists()


def test_a_pull_request_whose_picture_is_not_what_its_code_draws_fails(desk: Desk, tmp_path: Path) -> None:
    path = check_workflow(desk)
    step = "Compute the figures again and compare them with the frozen pictures"
    assert [done.returncode for done in Runner(desk.home, tmp_path / "one", {}).run(path, "check", step)] == [0]
    [picture] = (desk.deck / "figures" / "frozen").glob("*.webp")
    text = (desk.deck / "figures" / "shapes.py").read_text("utf-8")
    (desk.deck / "figures" / "shapes.py").write_text(text.replace("grid: bool", "slop: bool"), "utf-8")
    assert [done.returncode for done in Runner(desk.home, tmp_path / "two", {}).run(path, "check", step)] == [1]
    git(desk.home, "checkout", "--", "notes/figures")
    picture.write_bytes(picture.read_bytes()[:-1])
    assert [done.returncode for done in Runner(desk.home, tmp_path / "three", {}).run(path, "check", step)] == [1]
