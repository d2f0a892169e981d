# ruff: noqa: N802, N803 - actions and their parameters have the names of the protocol
"""A server of AnkiConnect's protocol on Anki's real engine, for machines without the desktop program.

It answers as the add-on does (version 6 of the protocol, its README) and imports with the class that the add-on imports with. The same tests run
with the real add-on in `desktop/`.
"""

import fnmatch
import io
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions
from anki.errors import NotFoundError
from anki.importing import AnkiPackageImporter
from anki.lang import set_lang

PROFILE = "User 1"


class Actions:
    """The actions of the protocol. Each method is named as its action."""

    def __init__(self, folder: Path):
        set_lang("en_US")
        folder.mkdir(parents=True, exist_ok=True)
        self.col = Collection(str(folder / "collection.anki2"))

    def version(self) -> int:
        return 6

    def getActiveProfile(self) -> str:
        return PROFILE

    def deckNames(self) -> list[str]:
        return [deck.name for deck in self.col.decks.all_names_and_ids()]

    def findNotes(self, query: str) -> list[int]:
        return list(self.col.find_notes(query))

    def findCards(self, query: str) -> list[int]:
        return list(self.col.find_cards(query))

    def cardsToNotes(self, cards: list[int]) -> list[int]:
        return list({self.col.get_card(card).nid for card in cards})

    def getDecks(self, cards: list[int]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for card in cards:
            found.setdefault(self.col.decks.name(self.col.get_card(card).did), []).append(card)
        return found

    def notesInfo(self, notes: list[int]) -> list[dict]:
        return [self._note(number) for number in notes]

    def _note(self, number: int) -> dict:
        try:
            note = self.col.get_note(number)
        except NotFoundError:
            return {}
        fields = {name: {"value": value, "order": n} for n, (name, value) in enumerate(note.items())}
        name = note.note_type()["name"]
        return {
            "noteId": note.id, "modelName": name, "fields": fields, "tags": note.tags, "mod": note.mod, "cards": list(note.card_ids()),
        }  # fmt: skip

    def cardsInfo(self, cards: list[int]) -> list[dict]:
        keys = {"interval": "ivl", "note": "nid"}
        names = ("due", "factor", "interval", "left", "lapses", "note", "ord", "queue", "reps", "type", "flags")
        return [
            {
                "cardId": card.id,
                "deckName": self.col.decks.name(card.did),
                "question": card.question(),
                "answer": card.answer(),
                **{n: getattr(card, keys.get(n, n)) for n in names},
            }
            for card in map(self.col.get_card, cards)
        ]

    def importPackage(self, path: str) -> bool:
        AnkiPackageImporter(self.col, path).run()
        self.col.models._clear_cache()  # the desktop program reads note types again after an import
        return True

    def exportPackage(self, deck: str, path: str, includeSched: bool = False) -> bool:
        number = self.col.decks.id_for_name(deck)
        if number is None:
            return False
        options = ExportAnkiPackageOptions(
            with_scheduling=includeSched, with_deck_configs=includeSched, with_media=True, legacy=True
        )
        self.col.export_anki_package(out_path=path, options=options, limit=DeckIdLimit(number))
        return True

    def addTags(self, notes: list[int], tags: str) -> None:
        self.col.tags.bulk_add(notes, tags)

    def suspend(self, cards: list[int]) -> bool:
        self.col.sched.suspend_cards(cards)
        return True

    def setDueDate(self, cards: list[int], days: str) -> bool:
        self.col.sched.set_due_date(cards, days)
        return True

    def answerCards(self, answers: list[dict]) -> list[bool]:
        for answer in answers:
            card = self.col.get_card(answer["cardId"])
            card.start_timer()
            self.col.sched.answerCard(card, answer["ease"])
        return [True] * len(answers)

    def updateNoteFields(self, note: dict) -> None:
        found = self.col.get_note(note["id"])
        for name, value in note["fields"].items():
            found[name] = value
        self.col.update_note(found)

    def addNote(self, note: dict) -> int:
        new = self.col.new_note(self.col.models.by_name(note["modelName"]))
        for name, value in note["fields"].items():
            new[name] = value
        self.col.add_note(new, self.col.decks.id_for_name(note["deckName"]))
        return new.id

    def changeDeck(self, cards: list[int], deck: str) -> None:
        self.col.set_deck(cards, self.col.decks.id(deck))

    def modelFieldRemove(self, modelName: str, fieldName: str) -> None:
        model = self.col.models.by_name(modelName)
        self.col.models.remove_field(model, next(field for field in model["flds"] if field["name"] == fieldName))
        self.col.models.update_dict(model)

    def modelNamesAndIds(self) -> dict[str, int]:
        return {each.name: each.id for each in self.col.models.all_names_and_ids()}

    def modelTemplates(self, modelName: str) -> dict[str, dict[str, str]]:
        templates = self.col.models.by_name(modelName)["tmpls"]
        return {each["name"]: {"Front": each["qfmt"], "Back": each["afmt"]} for each in templates}

    def modelStyling(self, modelName: str) -> dict[str, str]:
        return {"css": self.col.models.by_name(modelName)["css"]}

    def updateModelStyling(self, model: dict) -> None:
        found = self.col.models.by_name(model["name"])
        found["css"] = model["css"]
        self.col.models.update_dict(found)

    def cloneDeckConfigId(self, name: str, cloneFrom: str) -> int:
        return self.col.decks.add_config_returning_id(name, self.col.decks.get_config(int(cloneFrom)))

    def setDeckConfigId(self, decks: list[str], configId: int) -> bool:
        for name in decks:
            self.col.decks.set_config_id_for_deck_dict(self.col.decks.by_name(name), configId)
        return True

    def getDeckConfig(self, deck: str) -> dict:
        return self.col.decks.config_dict_for_deck_id(self.col.decks.id_for_name(deck))

    def saveDeckConfig(self, config: dict) -> bool:
        self.col.decks.update_config(config)
        return True

    def getMediaFilesNames(self, pattern: str) -> list[str]:
        return fnmatch.filter(os.listdir(self.col.media.dir()), pattern)


@contextmanager
def ankiconnect_server(folder: Path, key: str | None = None, port: int = 0) -> Iterator[str]:
    """Start a server with a new collection in a folder, on a port or on a free one. Yield its address."""
    actions = Actions(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(_answer(actions, request, key)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with serving(Handler, port) as url:
        yield url
    actions.col.close()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """Run a server of HTTP on a port of this machine, or on a free one. Yield its address."""
    server = HTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(actions: Actions, request: dict, key: str | None) -> dict[str, Any]:
    if request.get("key") != key:
        return {"result": None, "error": "valid api key must be provided"}
    name = request["action"]
    action: Callable[..., Any] | None = None if name.startswith("_") else getattr(actions, name, None)
    if not callable(action):
        return {"result": None, "error": "unsupported action"}
    try:
        with redirect_stdout(io.StringIO()):  # older engines print that they deprecate what the add-on uses
            return {"result": action(**request.get("params", {})), "error": None}
    except Exception as error:  # the add-on answers each error with its text
        return {"result": None, "error": str(error)}
