"""Anki's engine. No other module imports it. It opens a collection in a folder, imports, studies, edits and reads it.

Works with the engines from 23.12.1 on.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.decks import DeckId
from anki.errors import BackendError
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER
from bs4 import BeautifulSoup

from deckgen.problems import DeckError

# The engine ends its errors with a link to the page of each; those up to 23.12 link elsewhere than those after.
_ERROR = re.compile(
    r"<a href='https://(?:docs\.ankiweb\.net/templates/errors\.html#|anki\.tenderapp\.com/kb/[a-z-]+/)([a-z-]+)'>"
)
_BUTTONS: tuple[Literal[1, 2, 3, 4], ...] = (1, 2, 3, 4)
# What the scheduler keeps of a card, its deck and its flag.
_SCHEDULE = (
    "c.id, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.left, c.odue, c.odid, c.flags, c.data"
)


class ImportRefused(Exception):
    """The engine would not import the package at all; the message is its own."""


@dataclass(frozen=True, slots=True)
class ImportLog:
    """The numbers of notes that the engine reports as added, updated, left as they were, and not matched."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@dataclass(frozen=True, slots=True)
class NoteSnapshot:
    """A note of a collection at one moment. `mod` is in seconds (Unix time), `cards` is a number of cards."""

    fields: tuple[str, ...]
    tags: tuple[str, ...]
    mod: int
    notetype: str
    cards: int


@dataclass(frozen=True, slots=True)
class RenderError:
    """A card that the engine renders with an error, or with an empty question side (`blank`). `ordinal` counts from 0."""

    guid: str
    ordinal: int
    message: str
    blank: bool


@contextmanager
def open_new_collection(folder: Path) -> Iterator["Learner"]:
    """Open a new collection in the new folder `folder`. Raises DeckError if the engine fails, for example on a full disk."""
    folder.mkdir()
    try:
        # Engines up to 25.9 print the caller's stack where a call of theirs takes long.
        with redirect_stdout(io.StringIO()), closing(Collection(str(folder / "collection.anki2"))) as collection:
            yield Learner(collection)
    except BackendError as error:
        raise DeckError.at(
            str(folder), f"Anki's engine cannot go on: {error}", code="engine-failed", hint="is the disk full?"
        ) from error


class Learner:
    """A person with a collection."""

    def __init__(self, collection: Collection):
        assert collection.db is not None, "a collection that is open has a database"
        self._col, self._db = collection, collection.db

    def import_package(self, package: Path) -> ImportLog:
        """Import as the desktop's dialog does by default. Raises ImportRefused if the engine refuses the package."""
        options = ImportAnkiPackageOptions(
            merge_notetypes=False,
            update_notes=IF_NEWER,
            update_notetypes=IF_NEWER,
            with_scheduling=False,
            with_deck_configs=False,
        )
        request = ImportAnkiPackageRequest(package_path=os.path.abspath(package), options=options)
        try:
            log = self._col.import_anki_package(request).log
        except BackendError as error:
            raise ImportRefused(str(error)) from error
        return ImportLog(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def study(self, count: int) -> int:
        """Answer up to `count` cards, each with the next button; give intervals to others, suspend, flag and bury some. Return the number of answers."""
        cards = self._col.find_cards("", order="c.nid, c.ord")
        if not cards:
            return 0
        self._col.sched.set_due_date(cards[1::3], "1-60")
        self._col.sched.suspend_cards(cards[5::11])
        self._col.sched.bury_cards(cards[7::11])
        for flag, card in enumerate(cards[3::7]):
            self._col.set_user_flag_for_cards(1 + flag % 7, [card])
        return sum(self._answer(name, count) for name in self._roots())

    def _roots(self) -> list[DeckId]:
        """The decks without a parent that have cards, in themselves or in decks below."""
        used = {self._col.decks.name(did).partition("::")[0] for did in self._db.list("select distinct did from cards")}
        return [self._deck(name) for name in sorted(used)]

    def _deck(self, name: str) -> DeckId:
        """The id of the deck of this name, which is made if there is none."""
        found = self._col.decks.id(name)
        assert found is not None, "the engine makes a deck that is missing"
        return found

    def _answer(self, deck: DeckId, count: int) -> int:
        self._col.decks.set_current(deck)
        for n in range(count):
            card = self._col.sched.getCard()
            if card is None:
                return n
            self._col.sched.answerCard(card, _BUTTONS[n % 4])
        return count

    def edit(self, mods: dict[str, int], remark: str, tag: str) -> None:
        """Edit every second note's last filled field, tag the others, move some cards; `mods` are the times of change by guid, in seconds."""
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
        """guid → note."""
        names = {entry.id: entry.name for entry in self._col.models.all_names_and_ids()}
        rows = self._db.all(
            "select n.guid, n.flds, n.tags, n.mod, n.mid, (select count() from cards c where c.nid = n.id) from notes n"
        )
        return {
            guid: NoteSnapshot(tuple(fields.split("\x1f")), tuple(tags.split()), mod, names[mid], count)
            for guid, fields, tags, mod, mid, count in rows
        }

    def schedules(self) -> dict[tuple[str, int], tuple[Any, ...]]:
        """guid and ordinal → everything that the scheduler stores about the card."""
        rows = self._db.all(f"select n.guid, c.ord, {_SCHEDULE} from cards c join notes n on n.id = c.nid")
        return {(guid, ordinal): tuple(rest) for guid, ordinal, *rest in rows}

    def schema(self) -> int:
        """The time of the last change of the schema. After a change the next sync is a full one, in one direction."""
        return int(self._db.scalar("select scm from col"))

    def render_errors(self) -> Iterator[RenderError]:
        """The cards that show an error to the learner, or an empty question."""
        for number in self._col.find_cards("", order="c.nid, c.ord"):
            card = self._col.get_card(number)
            output = card.render_output()
            for html in (output.question_text, output.answer_text):
                if error := _ERROR.search(html):
                    message = BeautifulSoup(html[: error.start()], "html.parser").get_text(" ", strip=True)
                    yield RenderError(card.note().guid, card.ord, message, error[1].endswith("card-is-blank"))
                    break

    def empty_cards(self) -> list[tuple[str, int]]:
        """guid and ordinal of each card that *Tools, Empty Cards* would delete."""
        numbers = [card for note in self._col.get_empty_cards().notes for card in note.card_ids]
        return [(card.note().guid, card.ord) for card in map(self._col.get_card, numbers)]

    def media(self) -> tuple[set[str], set[str], set[str]]:
        """The names of media files that exist, that notes name but are missing, and that no note names."""
        checked = self._col.media.check()
        return set(os.listdir(self._col.media.dir())), set(checked.missing), set(checked.unused)
