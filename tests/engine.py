"""Tests packages with Anki's own engine: imports them with the defaults of the dialog, studies, renders, checks media."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from anki import import_export_pb2 as pb  # isort: skip - anki's modules import one another; the collection comes first
from anki import buildinfo
from anki.cards import Card

# The version of the engine. `make engines` also runs tests with older ones.
ENGINE = tuple(map(int, buildinfo.version.split(".")))
# Texts that the engine writes on a card that it cannot render.
RENDER_ERRORS = (
    "Template Error",
    "template has a problem",
    "No cloze",
    ">More information<",
    "unknown field",
    "The front of this card is blank",
)


@dataclass(frozen=True)
class Imported:
    """How many notes the engine added, updated, did not change, and could not match."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@contextmanager
def collection(folder: Path) -> Iterator[Collection]:
    folder.mkdir(parents=True, exist_ok=True)
    col = Collection(str(folder / "collection.anki2"))
    try:
        yield col
    finally:
        col.close()


def import_package(col: Collection, package: Path) -> Imported:
    """Import with the defaults of the desktop's dialog."""
    newer = pb.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER
    options = ImportAnkiPackageOptions(
        merge_notetypes=False,
        update_notes=newer,
        update_notetypes=newer,
        with_scheduling=False,
        with_deck_configs=False,
    )
    log = col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options)).log
    return Imported(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))


def study(col: Collection, count: int) -> None:
    """Answer the next `count` new cards, each with another button."""
    deck = next(d for d in col.decks.all_names_and_ids() if d.name != "Default")
    col.decks.set_current(deck.id)
    for n in range(count):
        card = col.sched.getCard()
        assert card is not None, "nothing to study"
        col.sched.answerCard(card, 1 + n % 4)


def cards(col: Collection) -> list[Card]:
    return [col.get_card(cid) for cid in col.find_cards("", order="c.nid, c.ord")]


def schedules(col: Collection) -> dict[tuple[str, int], tuple]:
    """Return guid and ordinal → the scheduling of the card. `due` of a new card is its place in the queue."""
    rows = col.db.all(
        "select n.guid, c.ord, c.id, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.data "
        "from cards c join notes n on n.id = c.nid"
    )
    return {(guid, ord_): tuple(rest) for guid, ord_, *rest in rows}


def render_errors(col: Collection) -> list[str]:
    """Return the cards that render with an error or with an empty side."""
    faults = []
    for card in cards(col):
        question, answer = card.question(), card.answer()
        shown = [error for error in RENDER_ERRORS if error in question + answer]
        if shown or not col.media.strip(question).strip() or len(answer) < len("<hr>"):
            faults.append(f"card {card.ord} of {card.note().fields[0][:40]!r}: {shown or 'empty'}")
    return faults


def media_problems(col: Collection) -> dict[str, list[str]]:
    checked = col.media.check()
    return {"missing": list(checked.missing), "unused": list(checked.unused)}


def note_types(col: Collection) -> set[str]:
    """Return the names of the note types in use."""
    return {col.models.get(mid)["name"] for mid in col.db.list("select distinct mid from notes")}
