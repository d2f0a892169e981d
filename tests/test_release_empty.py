"""Test that a release without changes is refused, unless --allow-empty is given."""

import pytest
from author import DAY, FIRST, NOW, Author, released_author
from decks import run

from deckgen.problems import DeckError


@pytest.fixture
def author(tmp_path) -> Author:
    return released_author(tmp_path / "author")


def test_a_release_without_changes_needs_allow_empty(author):
    status = author.git("rev-parse", "HEAD"), author.git("tag"), (author.deck / "deck.lock").read_bytes()
    result = run("release", author.deck, "1.0.1", "--out", author.out, now=int(NOW + 2 * DAY))
    assert result.returncode == 1
    assert (
        result.stderr
        == f"{author.deck}: error: nothing changed since the last release, 1.0.0 (use --allow-empty to release it nevertheless) [release-empty]\n"
    )
    assert (author.git("rev-parse", "HEAD"), author.git("tag"), (author.deck / "deck.lock").read_bytes()) == status
    assert not (author.out / "test-deck-1.0.1").exists()
    result = run("release", author.deck, "1.0.1", "--out", author.out, "--allow-empty", now=int(NOW + 2 * DAY))
    assert (result.returncode, result.stderr) == (0, "")
    assert author.git("tag").split() == ["test-deck-1.0.0", "test-deck-1.0.1"]
    # The release is in the lock now. Its files can be made again without --allow-empty.
    assert author.release("1.0.1", 3).again


def test_an_edit_that_was_undone_is_no_change(author):
    author.write({**FIRST, "apple": "Green."}, 2)
    author.write(FIRST, 3)
    with pytest.raises(DeckError, match="nothing changed since the last release, 1.0.0"):
        author.release("1.0.1", 4)


def new_order(author: Author) -> None:
    (author.deck / "apple.md").rename(author.deck / "zebra.md")


def new_description(author: Author) -> None:
    (author.deck / "deck.toml").write_text(author.toml().replace('"Tests."', '"Since 1.0.0."'))


def new_deck(author: Author) -> None:
    (author.deck / "apple.md").write_text("---\ndeck: Test Deck::Fruit\n---\n" + (author.deck / "apple.md").read_text())


def new_picture(author: Author) -> None:
    (author.deck / "dot.png").write_bytes((author.deck / "dot.png").read_bytes() + b"more")


@pytest.mark.parametrize("edit", [new_order, new_description, new_deck, new_picture])
def test_other_changes_than_of_notes_make_a_release(author, edit):
    edit(author)
    run("build", author.deck, "--out", author.out, now=int(NOW + 2 * DAY))
    author.git("add", "--all")
    author.git("commit", "--quiet", "--message", "edit")
    assert author.release("1.0.1", 3).tag == "test-deck-1.0.1"
    with pytest.raises(DeckError, match="nothing changed since the last release, 1.0.1"):
        author.release("1.0.2", 4)
