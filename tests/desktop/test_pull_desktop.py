"""deckgen pull and status with Anki's desktop program and its add-on AnkiConnect."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anki_desktop import desktop_with_ankiconnect
from decks import build, package_of, run, write_deck

from deckgen.ankiconnect import Client, Connection

NOTES = "# Colours\n\n## What is red?\n\nA warm colour.\n\n## What is blue?\n\nA cold colour.\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Connection]:
    with desktop_with_ankiconnect(tmp_path_factory.mktemp("desktop")) as (_, url):
        yield Connection(url)


@pytest.fixture
def deck(running, tmp_path) -> Path:
    """A deck that was built an hour ago and imported into the running Anki."""
    folder = write_deck(tmp_path / "notes", {"a.md": NOTES})
    package = package_of(build(folder, tmp_path / "out", int(time.time()) - 3600))
    Client(running).import_package(package)
    return folder


def change(connection: Connection, question: str, edit: Callable[[dict], dict]) -> None:
    """Edit a note as the browser of Anki does."""
    (number,) = connection.call("findNotes", query=f'"Front:{question}"')
    (note,) = connection.call("notesInfo", notes=[number])
    fields = {name: field["value"] for name, field in note["fields"].items()}
    connection.call("updateNoteFields", note={"id": number, "fields": edit(fields)})


def test_an_edit_in_the_running_anki_comes_into_the_notes(running, deck, tmp_path):
    change(running, "What is red?", lambda fields: {"Back": fields["Back"].replace("warm", "hot")})
    url = ("--url", running.url, "--out", tmp_path / "out")
    state = json.loads(run("status", deck, "--json", *url).stdout)
    assert state["anki"] == {"problem": None, "equal": 1, "older": 0}
    assert [(note["question"], note["anki"]) for note in state["differing"]] == [("What is red?", "edited")]
    result = run("pull", deck, "--from", "anki", *url)
    assert result.returncode == 0, result.stderr
    assert (deck / "a.md").read_text() == NOTES.replace("warm", "hot")
    package = package_of(build(deck, tmp_path / "out", int(time.time())))
    before = running.call("notesInfo", notes=running.call("findNotes", query="Front:*red*"))
    Client(running).import_package(package)
    assert running.call("notesInfo", notes=running.call("findNotes", query="Front:*red*")) == before
    running.call("deleteNotes", notes=running.call("findNotes", query="deck:*"))


def test_a_deleted_note_is_missing_in_the_status(running, deck, tmp_path):
    running.call("deleteNotes", notes=running.call("findNotes", query="Front:*blue*"))
    found = run("status", deck, "--url", running.url, "--out", tmp_path / "out").stdout
    assert "Anki     1 missing, 1 equal" in found
    running.call("deleteNotes", notes=running.call("findNotes", query="deck:*"))


def test_a_running_anki_without_the_deck(running, tmp_path):
    folder = write_deck(tmp_path / "other", {"a.md": NOTES, "deck.toml": _OTHER})
    build(folder, tmp_path / "out", int(time.time()) - 3600)
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    result = run("pull", folder, "--from", "anki", "--url", running.url)
    assert result.returncode == 1
    assert "[pull-deck]" in result.stderr
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    shutil.rmtree(folder)


_OTHER = 'id = "fedcba9876543210"\nname = "Not in Anki"\nslug = "other"\nversion = "1.0.0"\n'
