"""Test that arguments in the wrong order, and options that have no meaning together, are wrong usage with a hint."""

import pytest
from decks import run, write_deck

NOTE = "# Deck\n\n## What is a key?\n\nThat.\n"


@pytest.fixture
def deck(tmp_path):
    return write_deck(tmp_path / "my deck", {"a.md": NOTE})


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("1.0.0", "my deck"), 'the version is the last argument: deckgen release "my deck" 1.0.0'),
        (("1.0.0-rc.1", "../my-deck"), "the version is the last argument: deckgen release ../my-deck 1.0.0-rc.1"),
        (("my deck",), 'name a version after the folder: deckgen release "my deck" 1.0.0'),
        (("a", "b", "1.0.0"), "name the folder of one deck, and a version"),
    ],
)
def test_a_release_with_its_arguments_in_the_wrong_order(arguments, message, deck):
    result = run("release", *arguments, cwd=deck.parent)
    assert (result.returncode, result.stderr.splitlines()[-1]) == (2, f"Error: {message}")


def test_what_is_no_version_is_named(deck):
    result = run("release", "my deck", "1.0", cwd=deck.parent)
    assert result.returncode == 1 and 'is not a version like "1.4.0"' in result.stderr


@pytest.mark.parametrize(
    "options, message",
    [
        (("--port", "8420"), "--out excludes --port: it writes files, and starts no server"),
        (("--open",), "--out excludes --open: open index.html in the folder"),
    ],
)
def test_a_page_that_is_written_as_files_has_no_port(options, message, deck):
    result = run("preview", deck, "--out", "site", *options, cwd=deck.parent)
    assert (result.returncode, result.stderr.splitlines()[-1]) == (2, f"Error: {message}")
    assert not (deck.parent / "site").exists()


def test_a_page_that_is_written_as_files_opens_no_browser(deck):
    assert run("preview", deck, "--out", "site", "--no-open", cwd=deck.parent).returncode == 0
