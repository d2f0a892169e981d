"""The tests of `deckgen push`: what changes in Anki, and what stays. They run with the add-on in the desktop program, and with Anki's engine alone."""

import json
import time
from pathlib import Path
from typing import Any

from ankiconnect_server import PROFILE
from decks import PIXEL, run, write_deck
from engine import ENGINE
from jsonschema import Draft202012Validator
from test_json_output import closed

from deckgen.ankiconnect import Client, Connection
from deckgen.schemas import read_schema

NOTES = """## What is a query? {.reversed}

What a position asks for.

![p](p.png)

## Which parts has a block?

{{c1::Attention}} and {{c2::a feed-forward layer}}.

## What is a key?

What a position offers.
"""
KEY = "a-key-that-is-never-printed"
HOUR = 3600


class Deck:
    """A deck, and the desktop program that it is pushed into. `now` is the time of the next build: in the past, so that edits in Anki are later."""

    def __init__(self, folder: Path, url: str):
        self.folder, self.url = folder, url
        self.connection = Connection(url, KEY)
        self.client = Client(self.connection)
        self.now = int(time.time()) - 24 * HOUR
        self.write(NOTES)

    def write(self, notes: str) -> None:
        write_deck(self.folder / "deck", {"a.md": notes, "p.png": PIXEL})
        self.now += HOUR

    def _run(self, *options: str):
        return run(
            *("push", self.folder / "deck", "--out", self.folder / "out", "--url", self.url, *options),
            now=self.now,
            ANKICONNECT_API_KEY=KEY,
        )

    def failure(self) -> str:
        """What a push prints that fails."""
        result = self._run()
        assert result.returncode == 1
        return result.stderr

    def push(self, *options: str) -> dict[str, Any]:
        result = self._run("--json", *options)
        assert (result.returncode, result.stderr) == (0, ""), result
        found = json.loads(result.stdout)
        Draft202012Validator(closed(read_schema("push"))).validate(found)
        return found

    def counts(self, *options: str) -> tuple[int, ...]:
        found = self.push(*options)
        return tuple(found[key] for key in ("new", "updated", "unchanged", "kept", "missed"))

    def notes(self) -> dict[str, dict]:
        """The first field of each note → the note as AnkiConnect shows it."""
        found = self.connection.call("notesInfo", notes=self.connection.call("findNotes", query="deck:*"))
        return {next(iter(note["fields"].values()))["value"]: note for note in found}

    def cards(self) -> dict[int, dict]:
        """The cards with all that AnkiConnect shows of their schedules."""
        found = self.connection.call("cardsInfo", cards=self.connection.call("findCards", query="deck:*"))
        kept = (
            "deckName",
            "due",
            "factor",
            "interval",
            "left",
            "lapses",
            "note",
            "ord",
            "queue",
            "reps",
            "type",
            "flags",
        )
        return {card["cardId"]: {key: card[key] for key in kept} for card in found}


class PushTests:
    """Each test has a deck that was not pushed yet, and an empty collection."""

    def test_new_updated_and_unchanged_notes_are_counted(self, deck: Deck):
        first = deck.push()
        assert (first["new"], first["profile"]) == (3, PROFILE)
        assert [note["question"] for note in first["new_notes"]] == [
            "What is a query?",
            "Which parts has a block?",
            "What is a key?",
        ]
        ids = {note["anki_id"] for note in first["new_notes"]}
        assert ids == set(deck.client.find_notes("deck:*"))
        assert deck.counts() == (0, 0, 3, 0, 0)
        deck.write(NOTES.replace("What a position offers", "All that a position offers") + "\n## New?\n\nYes.\n")
        third = deck.push()
        assert [note["question"] for note in third["new_notes"]] == ["New?"]
        assert [note["question"] for note in third["updated_notes"]] == ["What is a key?"]
        assert (third["unchanged"], third["kept"]) == (2, 0)
        assert "All that a position offers" in deck.notes()["What is a key?"]["fields"]["Back"]["value"]

    def test_the_picture_is_in_the_media_folder(self, deck: Deck):
        deck.push()
        (name,) = deck.connection.call("getMediaFilesNames", pattern="*.png")
        assert name in deck.notes()["What is a query?"]["fields"]["Back"]["value"]

    def test_schedules_and_options_stay(self, deck: Deck):
        deck.push()
        cards = sorted(deck.cards())
        deck.connection.call("answerCards", answers=[{"cardId": cards[0], "ease": 3}])
        deck.connection.call("setDueDate", cards=cards[1:3], days="40")
        deck.connection.call("suspend", cards=cards[3:4])
        preset = deck.connection.call("cloneDeckConfigId", name="My own", cloneFrom="1")
        deck.connection.call("setDeckConfigId", decks=["Test Deck"], configId=preset)
        options = deck.connection.call("getDeckConfig", deck="Test Deck")
        options["new"]["perDay"] = 7
        deck.connection.call("saveDeckConfig", config=options)
        before = deck.cards()
        assert len({(card["queue"], card["interval"]) for card in before.values()}) >= 4, (
            "the cards have different schedules"
        )
        deck.write(NOTES.replace("What a position", "All that a position").replace("Attention", "Self-attention"))
        assert deck.counts() == (0, 3, 0, 0, 0)
        assert deck.cards() == before
        found = deck.connection.call("getDeckConfig", deck="Test Deck")
        assert (found["name"], found["new"]["perDay"]) == ("My own", 7)

    def test_edits_in_anki_are_kept_and_reported(self, deck: Deck):
        deck.push()
        query, key = deck.notes()["What is a query?"]["noteId"], deck.notes()["What is a key?"]["noteId"]
        deck.connection.call(
            "updateNoteFields", note={"id": query, "fields": {"Back": "My own words.", "Front": "Mine?"}}
        )
        deck.connection.call("addTags", notes=[key], tags="mine")
        # One correction is for the note that was edited later, one for another note.
        deck.write(NOTES.replace("asks for", "is looking for").replace("Attention", "Self-attention"))
        found = deck.push()
        assert [(note["question"], note["anki_id"]) for note in found["kept_notes"]] == [("What is a query?", query)]
        assert [note["question"] for note in found["updated_notes"]] == ["Which parts has a block?"]
        assert found["unchanged"] == 1, "a tag of the learner's own is no other content"
        assert deck.notes()["Mine?"]["fields"]["Back"]["value"] == "My own words."
        assert "mine" in deck.notes()["What is a key?"]["tags"]

    def test_an_edited_note_in_another_deck_is_kept(self, deck: Deck):
        deck.push()
        note = deck.notes()["What is a query?"]
        deck.connection.call("changeDeck", cards=note["cards"], deck="Elsewhere")
        deck.connection.call("updateNoteFields", note={"id": note["noteId"], "fields": {"Back": "My own words."}})
        found = deck.push()
        assert [(each["question"], each["anki_id"]) for each in found["kept_notes"]] == [("What is a query?", None)]
        assert deck.cards()[note["cards"][0]]["deckName"] == "Elsewhere"

    def test_retired_notes_are_reported_tagged_or_suspended_and_never_deleted(self, deck: Deck):
        deck.push()
        key = deck.notes()["What is a key?"]["noteId"]
        own = {
            "deckName": "Test Deck",
            "modelName": "Test Deck (Q&A)",
            "fields": {"Front": "My own note?", "Back": "Yes."},
        }
        deck.connection.call("addNote", note=own)
        deck.write(NOTES[: NOTES.index("## What is a key?")])
        found = deck.push()
        assert (found["unchanged"], found["retired"]) == (
            2,
            {"action": "none", "changed": 0, "tag": "test-deck::retired", "anki_ids": [key]},
        )
        assert deck.notes()["What is a key?"]["tags"] == []
        assert [deck.push("--retire", "tag")["retired"]["changed"] for _ in range(2)] == [1, 0]
        assert deck.notes()["What is a key?"]["tags"] == ["test-deck::retired"]
        assert [deck.push("--retire", "suspend")["retired"]["changed"] for _ in range(2)] == [1, 0]
        assert [card["note"] for card in deck.cards().values() if card["queue"] == -1] == [key]
        assert len(deck.notes()) == 4 and deck.notes()["My own note?"]["tags"] == []

    def test_a_note_that_comes_back_with_suspended_cards_is_named(self, deck: Deck):
        deck.push()
        key, query = (deck.notes()[f"What is a {name}?"]["noteId"] for name in ("key", "query"))
        (own, *_) = deck.client.cards_of([query])
        deck.connection.call("suspend", cards=[own])
        deck.write(NOTES[: NOTES.index("## What is a key?")])
        assert deck.push("--retire", "suspend")["suspended_ids"] == []
        deck.write(NOTES)
        found = deck.push("--retire", "suspend")
        assert (found["suspended_ids"], found["retired"]["anki_ids"]) == ([key], [])
        # It may be the learner who suspended them.
        assert {card["note"] for card in deck.cards().values() if card["queue"] == -1} == {key, query}
        assert deck.push()["suspended_ids"] == []
        deck.write(NOTES[: NOTES.index("## What is a key?")])
        deck.push()
        deck.write(NOTES)
        assert f"1 note came back with suspended cards (search: nid:{key}); " in deck._run().stdout

    def test_a_field_that_was_removed_in_anki_comes_back_with_the_corrections(self, deck: Deck):
        """Anki merges the note types. That counts as an edit of all their notes, so the corrections of this package would be skipped."""
        deck.push()
        deck.connection.call("modelFieldRemove", modelName="Test Deck (Q&A)", fieldName="Spare2")
        deck.write(NOTES.replace("What a position offers", "All that a position offers"))
        # The correction is later than the removal, and earlier than the import.
        deck.now = int(time.time()) + 1
        time.sleep(2.5)
        if ENGINE < (26, 9):  # the older importer makes a second note type, and updates no note
            assert "[push-missed]" in deck.failure()
            return
        assert deck.counts() == (0, 1, 2, 0, 0)
        note = deck.notes()["What is a key?"]
        assert "All that a position offers" in note["fields"]["Back"]["value"] and "Spare2" in note["fields"]

    def test_a_new_look_is_shown_and_one_of_the_learner_is_kept(self, deck: Deck):
        assert deck.push()["kept_notetypes"] == []
        write_deck(deck.folder / "deck", {"theme.css": ".card { color: teal; }"})
        deck.now = int(time.time())  # later than the push
        time.sleep(1.5)
        assert deck.push()["kept_notetypes"] == []
        css = deck.client.css("Test Deck (Q&A)")
        assert "color: teal" in css
        deck.connection.call(
            "updateModelStyling", model={"name": "Test Deck (Q&A)", "css": css + ".card { color: red; }"}
        )
        assert deck.push()["kept_notetypes"] == ["Test Deck (Q&A)"]
        assert "color: red" in deck.client.css("Test Deck (Q&A)")

    def test_a_push_into_another_profile_changes_nothing(self, deck: Deck):
        result = run(
            *("push", deck.folder / "deck", "--out", deck.folder / "out", "--url", deck.url, "--profile", "Work"),
            ANKICONNECT_API_KEY=KEY,
        )
        assert result.returncode == 1 and f"is “{PROFILE}”, not “Work”" in result.stderr
        assert deck.notes() == {} and not (deck.folder / "out").exists()

    def test_a_wrong_key_is_not_printed(self, deck: Deck):
        result = run(
            "push", deck.folder / "deck", "--out", deck.folder, "--url", deck.url, ANKICONNECT_API_KEY="another-key"
        )
        assert result.returncode == 1 and "[ankiconnect-key]" in result.stderr
        assert "another-key" not in result.stderr and KEY not in result.stderr
