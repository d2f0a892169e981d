"""Open a collection in Anki's engine, import packages into it, study, edit and read it. No other module imports the engine.

It works with engines from version 23.12.1 on.

There are two ways to import. The dialog of the desktop program starts with all options off, and updates what is newer. The add-on AnkiConnect
has no options: its action `importPackage` (plugin/__init__.py) runs `AnkiPackageImporter(collection, path).run()`. In engines from 26.9 on that is a
shim (pylib/anki/importing.py). It sets merge_notetypes, with_scheduling and with_deck_configs, and leaves the conditions of updates at their default,
"if newer". In older engines it is an importer written in Python (pylib/anki/importing/apkg.py and anki2.py), which has no options either.
"""

import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.decks import DeckConfigId, DeckId
from anki.errors import BackendError
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER
from anki.lang import set_lang
from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.problems import DeckError
from deckgen.render.html import parse_html
from deckgen.verify.importer import Importer

# The engine ends an error of a card with a link to its help page. Engines up to 23.12 link to another website.
_ERROR = lazy_pattern(
    r"<a href='https://(?:docs\.ankiweb\.net/templates/errors\.html#|anki\.tenderapp\.com/kb/[a-z-]+/)([a-z-]+)'>"
)
_BUTTONS: tuple[Literal[1, 2, 3, 4], ...] = (1, 2, 3, 4)
# Columns of a card: its id, its deck, its flags, and all that the scheduler stores about it.
_SCHEDULE = (
    "c.id, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.left, c.odue, c.odid, c.flags, c.data"
)


_DESKTOP = {
    "merge_notetypes": False,
    "update_notes": IF_NEWER,
    "update_notetypes": IF_NEWER,
    "with_scheduling": False,
    "with_deck_configs": False,
}
_ANKICONNECT = {"merge_notetypes": True, "with_scheduling": True, "with_deck_configs": True}
_OPTIONS: Mapping[Importer, Mapping[str, Any]] = {Importer.DESKTOP: _DESKTOP, Importer.ANKICONNECT: _ANKICONNECT}
# What the learner sets in a preset of the deck, and in the preset that each collection has.
_NEW_PER_DAY = 7
_DEFAULT_NEW_PER_DAY = 17


class ImportRefused(Exception):
    """The engine refused to import a package. The message is the message of the engine."""


class ImportLog(Struct, frozen=True):
    """The numbers of notes that the engine reports as added, updated, unchanged, and not updated because their note type differs."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


class NoteSnapshot(Struct, frozen=True):
    """A note of a collection at one moment. `mod` is in seconds (Unix time), `cards` is the number of its cards."""

    fields: tuple[str, ...]
    tags: tuple[str, ...]
    mod: int
    notetype: str
    cards: int


class RenderError(Struct, frozen=True):
    """A card that the engine renders with an error, or with a blank question (`blank`). `ordinal` counts from 0."""

    guid: str
    ordinal: int
    message: str
    blank: bool


@contextmanager
def open_new_collection(folder: Path, importer: Importer = Importer.DESKTOP) -> Iterator["Learner"]:
    """Make a folder with a new collection in it, and open it. Raises DeckError if the engine fails, for example on a full disk."""
    folder.mkdir()
    try:
        # Engines up to 25.9 print the stack of the caller if a call takes long.
        with redirect_stdout(io.StringIO()), closing(Collection(str(folder / "collection.anki2"))) as collection:
            yield Learner(collection, importer)
    except BackendError as error:
        raise DeckError.at(
            str(folder), f"Anki's engine failed: {error}", code="engine-failed", hint="is the disk full?"
        ) from error


class Learner:
    """A person with a collection, who imports in the way of `importer`, studies and edits."""

    def __init__(self, collection: Collection, importer: Importer):
        assert collection.db is not None, "an open collection has a database"
        self._col, self._db, self._importer = collection, collection.db, importer

    def import_package(self, package: Path) -> ImportLog:
        """Import a package as the learner's importer does by default. Raises ImportRefused if the engine refuses it."""
        path = os.path.abspath(package)
        try:
            if self._importer is Importer.ANKICONNECT and (older := _older_importer()):
                return _import_with(older(self._col, path))
            request = ImportAnkiPackageRequest(
                package_path=path, options=ImportAnkiPackageOptions(**_OPTIONS[self._importer])
            )
            log = self._col.import_anki_package(request).log
        except BackendError as error:
            raise ImportRefused(str(error)) from error
        return ImportLog(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def study(self, count: int) -> int:
        """Study: answer up to `count` cards of each top deck, with all buttons in turn. Return the number of answers.

        Other cards get due dates, are suspended, buried or flagged. The top decks get a preset of the learner.
        """
        cards = self._col.find_cards("", order="c.nid, c.ord")
        if not cards:
            return 0
        self._choose_options()
        self._col.sched.set_due_date(cards[1::3], "1-60")
        self._col.sched.suspend_cards(cards[5::11])
        self._col.sched.bury_cards(cards[7::11])
        for flag, card in enumerate(cards[3::7]):
            self._col.set_user_flag_for_cards(1 + flag % 7, [card])
        return sum(self._answer(name, count) for name in self._roots())

    def _choose_options(self) -> None:
        """Give the top decks a preset of the learner, and change the preset of all other decks."""
        default = self._col.decks.get_config(DeckConfigId(1))
        assert default is not None, "each collection has this preset"
        default["new"]["perDay"] = _DEFAULT_NEW_PER_DAY
        self._col.decks.update_config(default)
        own = self._col.decks.add_config("My own")
        own["new"]["perDay"] = _NEW_PER_DAY
        self._col.decks.update_config(own)
        for number in self._roots():
            deck = self._col.decks.get(number)
            assert deck is not None, "the deck has cards"
            self._col.decks.set_config_id_for_deck_dict(deck, own["id"])

    def _roots(self) -> list[DeckId]:
        """The ids of the top decks that have cards, or have cards in their subdecks."""
        used = {self._col.decks.name(did).partition("::")[0] for did in self._db.list("select distinct did from cards")}
        return [self._deck(name) for name in sorted(used)]

    def _deck(self, name: str) -> DeckId:
        """The id of the deck with this name. The deck is made if it does not exist."""
        found = self._col.decks.id(name)
        assert found is not None, "the engine makes a missing deck"
        return found

    def _answer(self, deck: DeckId, count: int) -> int:
        """Answer up to `count` cards of a deck. Return the number of answers."""
        self._col.decks.set_current(deck)
        for n in range(count):
            card = self._col.sched.getCard()
            if card is None:
                return n
            self._col.sched.answerCard(card, _BUTTONS[n % 4])
        return count

    def edit(self, mods: dict[str, int], remark: str, tag: str) -> None:
        """Edit notes: add the remark to the last filled field of every second note, tag the others, and move some cards.

        `mods` maps guids to the times of these edits, in seconds (Unix time).
        """
        for n, (number, guid) in enumerate(self._db.all("select id, guid from notes order by id")):
            note = self._col.get_note(number)
            if n % 2:
                note.tags.append(tag)
            else:
                filled = [name for name, text in note.items() if text]
                note[filled[-1] if filled else note.keys()[-1]] += remark
            self._col.update_note(note)
            self._db.execute("update notes set mod = ? where id = ?", mods[guid], number)
        cards = self._col.find_cards("", order="c.nid, c.ord")[2::9]
        if cards:
            self._col.set_deck(cards, self._deck("My own"))

    def notes(self) -> dict[str, NoteSnapshot]:
        """Guid → note."""
        names = {entry.id: entry.name for entry in self._col.models.all_names_and_ids()}
        rows = self._db.all(
            "select n.guid, n.flds, n.tags, n.mod, n.mid, (select count() from cards c where c.nid = n.id) from notes n"
        )
        return {
            guid: NoteSnapshot(tuple(fields.split("\x1f")), tuple(tags.split()), mod, names[mid], count)
            for guid, fields, tags, mod, mid, count in rows
        }

    def schedules(self) -> dict[tuple[str, int], tuple[Any, ...]]:
        """Guid and 0-based ordinal → all columns that the scheduler stores about the card."""
        rows = self._db.all(f"select n.guid, c.ord, {_SCHEDULE} from cards c join notes n on n.id = c.nid")
        return {(guid, ordinal): tuple(rest) for guid, ordinal, *rest in rows}

    def options(self) -> dict[str, tuple[str, int]]:
        """Full name of a deck → the name of its preset, and the number of new cards a day that the preset has."""
        return {
            deck.name: (config["name"], config["new"]["perDay"])
            for deck in self._col.decks.all_names_and_ids()
            for config in (self._col.decks.config_dict_for_deck_id(DeckId(deck.id)),)
        }

    def schema(self) -> int:
        """The time of the last change of the schema, in milliseconds. After a change the next sync is a full sync, in one direction."""
        return int(self._db.scalar("select scm from col"))

    def render_errors(self) -> Iterator[RenderError]:
        """Yield the cards that show an error or a blank question to the learner."""
        for number in self._col.find_cards("", order="c.nid, c.ord"):
            card = self._col.get_card(number)
            output = card.render_output()
            for html in (output.question_text, output.answer_text):
                if error := _ERROR.search(html):
                    message = parse_html(html[: error.start()]).get_text(" ", strip=True)
                    yield RenderError(card.note().guid, card.ord, message, error[1].endswith("card-is-blank"))
                    break

    def empty_cards(self) -> list[tuple[str, int]]:
        """The guid and the 0-based ordinal of each card that *Tools, Empty Cards* would delete."""
        numbers = [card for note in self._col.get_empty_cards().notes for card in note.card_ids]
        return [(card.note().guid, card.ord) for card in map(self._col.get_card, numbers)]

    def media(self) -> tuple[set[str], set[str], set[str]]:
        """The names of media files: those that exist, those that are missing, and those that no note uses."""
        checked = self._col.media.check()
        return set(os.listdir(self._col.media.dir())), set(checked.missing), set(checked.unused)


def _older_importer() -> Callable[[Collection, str], Any] | None:
    """The importer that AnkiConnect uses in engines before 26.9; None in newer ones."""
    try:
        found: Callable[[Collection, str], Any] = import_module("anki.importing.apkg").AnkiPackageImporter
    except ModuleNotFoundError:
        return None
    return found


def _import_with(older: Any) -> ImportLog:
    """Run an importer of older engines. It counts the notes whose note type differs in the rows of its log only."""
    set_lang("en_US")  # the desktop program has chosen a language before
    older.run()
    refused = sum(line.startswith(f"[{older.dst.tr.importing_skipped()}]") for line in older.log)
    return ImportLog(older.added, older.updated, older.dupes, refused)
