"""A release that changes nothing is refused, unless it is asked for."""

import pytest
from decks import run
from desk import DAY, FIRST, NOW, Desk, new_desk

from deckgen.problems import DeckError


@pytest.fixture
def desk(tmp_path) -> Desk:
    desk = new_desk(tmp_path / "desk")
    desk.write(FIRST, 0)
    desk.release("1.0.0", 1)
    return desk


def test_it_is_refused_unless_asked_for(desk):
    status = desk.git("rev-parse", "HEAD"), desk.git("tag"), (desk.deck / "deck.lock").read_bytes()
    result = run("release", desk.deck, "1.0.1", "--out", desk.out, now=int(NOW + 2 * DAY))
    assert result.returncode == 1
    assert (
        result.stderr
        == f"{desk.deck}: error: nothing changed since 1.0.0, the last release (--allow-empty releases it all the same) [release-empty]\n"
    )
    assert (desk.git("rev-parse", "HEAD"), desk.git("tag"), (desk.deck / "deck.lock").read_bytes()) == status
    assert not (desk.out / "test-deck-1.0.1").exists()
    result = run("release", desk.deck, "1.0.1", "--out", desk.out, "--allow-empty", now=int(NOW + 2 * DAY))
    assert (result.returncode, result.stderr) == (0, "")
    assert desk.git("tag").split() == ["test-deck-1.0.0", "test-deck-1.0.1"]
    # The release is in the lock now: making its files once more asks for nothing.
    assert desk.release("1.0.1", 3).again


def test_an_edit_that_was_taken_back_is_no_change(desk):
    desk.write({**FIRST, "apple": "Green."}, 2)
    desk.write(FIRST, 3)
    with pytest.raises(DeckError, match="nothing changed since 1.0.0"):
        desk.release("1.0.1", 4)


def new_order(desk: Desk) -> None:
    (desk.deck / "apple.md").rename(desk.deck / "zebra.md")


def new_description(desk: Desk) -> None:
    (desk.deck / "deck.toml").write_text(desk.toml().replace('"Tests."', '"Since 1.0.0."'))


def new_deck(desk: Desk) -> None:
    (desk.deck / "apple.md").write_text("---\ndeck: Test Deck::Fruit\n---\n" + (desk.deck / "apple.md").read_text())


def new_picture(desk: Desk) -> None:
    (desk.deck / "dot.png").write_bytes((desk.deck / "dot.png").read_bytes() + b"more")


@pytest.mark.parametrize("edit", [new_order, new_description, new_deck, new_picture])
def test_what_is_a_change(desk, edit):
    edit(desk)
    run("build", desk.deck, "--out", desk.out, now=int(NOW + 2 * DAY))
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--message", "edit")
    assert desk.release("1.0.1", 3).tag == "test-deck-1.0.1"
    with pytest.raises(DeckError, match="nothing changed since 1.0.1"):
        desk.release("1.0.2", 4)
