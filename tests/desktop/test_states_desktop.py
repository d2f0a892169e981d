"""Test what `deckgen push` says when Anki is busy, shows a dialog or a list of profiles, in the real desktop program."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki_desktop import (
    PROFILE,
    Desktop,
    desktop,
    install_addon,
    install_ankiconnect,
    listens,
    new_base,
    require_ankiconnect,
    require_desktop,
)
from decks import run, write_deck

from deckgen.ankiconnect import Client, Connection
from deckgen.problems import DeckError

STATES = Path(__file__).with_name("states_addon.py")
NOTES = {"a.md": "## What is a query?\n\nWhat a position asks for.\n"}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Desktop, str]]:
    python, source = require_desktop(), require_ankiconnect()
    base = new_base(python, tmp_path / "Anki")
    install_addon(base, STATES)
    port = install_ankiconnect(base, source)
    with desktop(python, base) as program:
        program.wait(lambda: listens(port), "answer of AnkiConnect")
        Client(Connection(f"http://127.0.0.1:{port}")).require(PROFILE)
        yield program, f"http://127.0.0.1:{port}"


def code(url: str) -> str:
    with pytest.raises(DeckError) as error:
        Client(Connection(url, seconds=1)).require()
    return error.value.problems[0].code


def test_a_busy_anki_is_an_error(running):
    program, url = running
    (program.base / "busy").touch()
    program.wait((program.base / "is-busy").exists, "work")
    assert code(url) == "anki-busy"


def test_an_open_dialog_does_not_keep_anki_from_importing(running, tmp_path):
    program, url = running
    (program.base / "dialog").touch()
    program.wait((program.base / "is-dialog").exists, "dialog")
    result = run("push", write_deck(tmp_path / "deck", NOTES), "--out", tmp_path, "--url", url)
    assert result.returncode == 0 and "1 new, 0 updated, 0 unchanged" in result.stdout


def test_a_dialog_of_the_add_on_is_an_error(running):
    """A website asks for permission: until the user answers, AnkiConnect answers nobody."""
    _, url = running
    body = json.dumps({"action": "requestPermission", "version": 6}).encode()
    website = urllib.request.Request(url, body, {"Origin": "https://website.example"})
    asked = threading.Thread(target=lambda: urllib.request.urlopen(website, timeout=90).close(), daemon=True)
    asked.start()
    while (seen := code(url)) == "anki-unreachable":
        pass
    assert seen == "anki-busy"


def test_the_list_of_profiles_is_an_error(tmp_path):
    python, source = require_desktop(), require_ankiconnect()
    base = new_base(python, tmp_path / "Anki")
    port = install_ankiconnect(base, source)
    with desktop(python, base, profile="No such profile") as program:
        program.wait(lambda: listens(port), "answer of AnkiConnect")
        result = run(
            "push", write_deck(tmp_path / "deck", NOTES), "--out", tmp_path, "--url", f"http://127.0.0.1:{port}"
        )
    assert result.returncode == 1 and result.stdout == ""
    assert "error: no collection is open in Anki (choose a profile in Anki" in result.stderr
    assert not list(tmp_path.glob("*.apkg")), "nothing is built"
