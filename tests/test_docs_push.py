"""Run the examples of docs/push.md. Between two of them, the reader edits a note in Anki."""

import re
from pathlib import Path

from ankiconnect_server import ankiconnect_server
from decks import run, write_deck

from deckgen.ankiconnect import Connection

PAGE = Path(__file__).parents[1] / "docs" / "push.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILES = {"markdown": "notes.md", "toml": "deck.toml"}
NOW = 1_700_000_000
EDIT = "Then you edit the other note in Anki"


def steady(output: str) -> str:
    """Return the output without the ids that Anki gives."""
    return re.sub(r"nid:\d+", "nid:1", output)


def test_the_examples_print_what_the_page_shows(tmp_path):
    text, ran = PAGE.read_text("utf-8"), 0
    deck = tmp_path / "deck"
    with ankiconnect_server(tmp_path / "collection") as url:
        for match in BLOCK.finditer(text):
            language, body = match.groups()
            if language in FILES:
                write_deck(deck, {"deck.toml": "", **_toml(deck), FILES[language]: body})
            elif language == "console":
                if EDIT in text[: match.start()] and not ran_edit(url):
                    edit(url)
                command, _, shown = body.partition("\n")
                words = command.removeprefix("$ deckgen ").split()
                result = run(*words, "--url", url, cwd=deck, now=NOW + 60 * ran)
                assert steady(result.stdout + result.stderr) == steady(shown)
                ran += 1
    assert ran == 5


def _toml(deck: Path) -> dict[str, str]:
    return {"deck.toml": (deck / "deck.toml").read_text()} if deck.exists() else {}


def ran_edit(url: str) -> bool:
    return bool(Connection(url).call("findNotes", query='"Back:My own words."'))


def edit(url: str) -> None:
    """Edit a note as the reader does in Anki."""
    connection = Connection(url)
    (number,) = connection.call("findNotes", query='"Front:What is a key?"')
    connection.call("updateNoteFields", note={"id": number, "fields": {"Back": "My own words."}})
