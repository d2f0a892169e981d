"""Test that a push that is killed at any moment leaves complete files, and in Anki each note as it was or as it is pushed.

The same push again brings Anki up to date. No card changes its schedule.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ankiconnect_server import ankiconnect_server
from decks import PIXEL, run, write_deck
from killer import randomly_killed_copies

from deckgen.ankiconnect import Connection
from deckgen.identity.lock import load_lock
from deckgen.package.read import read_package

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
NOTES = "# Deck\n\n## What is a query?\n\nA vector of {0}. ![p](p.png)\n\n## What is a key?\n\nAn offer of {0}.\n"
START = int(time.time()) - 1_000_000
IMPORTS = f"""
from deckgen.ankiconnect import Client, Connection
from deckgen.push.pusher import Pusher, PushOptions
NOTES = {NOTES!r}
"""
# Each copy of the deck has another text, and a later time.
PUSH = """
number = int(copy.name.partition("-")[2] or -1) + 2
(copy / "deck" / "a.md").write_text(NOTES.format(copy.name))
pusher = Pusher(Client(Connection("{url}", "{key}")), PushOptions(copy / "deck", copy / "out"))
pusher.push({start} + 100 * number, lambda *_: None)
"""
KEY = "a-key-that-is-never-printed"


@pytest.fixture
def anki(tmp_path) -> Iterator[Connection]:
    with ankiconnect_server(tmp_path / "collection", KEY) as url:
        yield Connection(url, KEY)


def push(home: Path, url: str, now: int) -> None:
    result = run("push", home / "deck", "--out", home / "out", "--url", url, now=now, ANKICONNECT_API_KEY=KEY)
    assert result.returncode == 0, result.stderr


def texts(anki: Connection) -> list[str]:
    """The answers in Anki, sorted."""
    found = anki.call("notesInfo", notes=anki.call("findNotes", query="deck:*"))
    return sorted(note["fields"]["Back"]["value"].partition(" <img")[0] for note in found)


def answers(name: str) -> list[str]:
    return sorted((f"<p>A vector of {name}.", f"<p>An offer of {name}.</p>"))


def cards(anki: Connection) -> list[dict]:
    """The cards in Anki with their schedules, without what they show."""
    found = anki.call("cardsInfo", cards=sorted(anki.call("findCards", query="deck:*")))
    return [{name: value for name, value in card.items() if name not in ("question", "answer")} for card in found]


@pytest.mark.parametrize("count", [3, pytest.param(200, marks=pytest.mark.proof)])
def test_a_push_can_be_killed_at_random_moments(count, anki, tmp_path):
    home = tmp_path / "home"
    write_deck(home / "deck", {"a.md": NOTES.format("nothing"), "p.png": PIXEL})
    push(home, anki.url, START)
    guids = [note.guid for note in read_package(next((home / "out").glob("*.apkg"))).notes]
    anki.call("setDueDate", cards=anki.call("findCards", query="deck:*"), days="40")
    schedules, kills = cards(anki), 0
    work = PUSH.format(url=anki.url, key=KEY, start=START)
    before = answers("complete")
    for number, (copy, killed) in enumerate(randomly_killed_copies(home, IMPORTS, work, count, seed=13)):
        kills += killed
        lock = load_lock((copy / "deck" / "deck.lock").read_text(), "deck.lock")
        assert [entry.guid for entry in lock.notes] == guids
        (package,) = (copy / "out").glob("*.apkg")
        assert [note.guid for note in read_package(package).notes] == guids
        assert all(text in (old, new) for text, old, new in zip(texts(anki), before, answers(copy.name)))
        assert cards(anki) == schedules
        write_deck(
            copy / "deck", {"deck.toml": (copy / "deck" / "deck.toml").read_bytes(), "a.md": NOTES.format(copy.name)}
        )
        push(copy, anki.url, START + 100 * (number + 2) + 50)
        before = answers(copy.name)
        assert texts(anki) == before and cards(anki) == schedules
        shutil.rmtree(copy)
    assert kills > count / 4, "killed too rarely to prove anything"
