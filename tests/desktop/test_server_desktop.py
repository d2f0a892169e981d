"""Test the client of AnkiConnect with another server of the protocol, `anki-connect-server`, which others wrote.

It is in an environment of its own, `.venv-server`, or the one whose Python ANKI_CONNECT_SERVER names. Its version 0.5.0 cannot import and export: it
calls the engine with arguments that the engine does not take. So the package is imported before the server starts.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki_desktop import ROOT, listens
from decks import build, package_of, run, write_deck
from engine import collection, import_package

from deckgen.ankiconnect import Client, Connection
from deckgen.problems import DeckError

NOTES = "## What is a query? {.reversed}\n\nA.\n\n## What is a key?\n\nB.\n"
NOW = 1_700_000_000
_PATIENCE = 60.0  # seconds


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a server whose collection has a deck, and the folder of the deck."""
    python = Path(os.environ.get("ANKI_CONNECT_SERVER", ROOT / ".venv-server" / "bin" / "python"))
    if not python.exists():
        pytest.skip(
            f"NOT TESTED: no anki-connect-server at {python}; `make desktop` installs it, or ANKI_CONNECT_SERVER names its Python"
        )
    home = tmp_path_factory.mktemp("server")
    deck = write_deck(home / "deck", {"a.md": NOTES})
    with collection(home / "collection") as col:
        import_package(col, package_of(build(deck, home, NOW)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "ANKICONNECT_PORT": str(port),
        "ANKICONNECT_COLLECTION_PATH": str(home / "collection" / "collection.anki2"),
    }
    with open(home / "log", "w") as log:
        program = "from anki_connect_server.cli import main; main(['api'])"
        process = subprocess.Popen([python, "-c", program], env=environment, stdout=log, stderr=log, cwd=home)
    try:
        end = time.monotonic() + _PATIENCE
        while not listens(port):
            assert process.poll() is None and time.monotonic() < end, (home / "log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", deck
    finally:
        process.terminate()
        process.wait(_PATIENCE)


@pytest.fixture
def client(server: tuple[str, Path]) -> Client:
    return Client(Connection(server[0]))


def test_the_notes_of_note_types_are_read(client: Client):
    assert client.require() == "", "the server has no profiles"
    numbers = client.find_notes("deck:*")
    notes = client.notes(numbers)
    assert tuple(notes) == numbers and len(numbers) == 2
    assert [note.fields["Front"] for note in notes.values()] == ["What is a query?", "What is a key?"]
    assert {note.mod for note in notes.values()} == {None}, "it does not say when a note was changed"
    assert next(iter(notes.values())).notetype == "Test Deck (Q&A)"
    assert client.notes([*numbers, 1]) == notes


def test_cards_and_decks_are_read(client: Client):
    numbers = client.find_notes("deck:*")
    cards = client.cards_of(numbers)
    assert len(cards) == 3 and client.decks_of(cards) == ("Test Deck",)
    assert client.notes_of_cards(cards) == numbers


def test_notes_are_tagged_and_suspended(client: Client):
    (number,) = client.find_notes('"Front:What is a key?"')
    client.add_tag([number], "test-deck::retired")
    assert client.notes([number])[number].tags == ("test-deck::retired",)
    client.suspend(client.cards_of([number]))
    assert client.cards_of([number], "-is:suspended") == ()


def test_a_profile_cannot_be_required(client: Client):
    with pytest.raises(DeckError) as error:
        client.require("User 1")
    assert error.value.problems[0].code == "ankiconnect-old"


def test_the_import_fails_with_the_error_of_the_engine(server: tuple[str, Path], tmp_path: Path):
    url, deck = server
    result = run("push", deck, "--out", tmp_path, "--url", url, now=NOW + 60)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{url}: error: Anki refuses importPackage: ")
    assert "[anki-refused]" in result.stderr and "Traceback" not in result.stderr
