"""Use Anki's engine in tests: import packages as the desktop program does by default, study, render cards, check media."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from anki import import_export_pb2 as pb  # isort: skip - anki's modules import one another; the collection comes first
from anki import buildinfo
from anki.cards import Card

# The version of the engine. `make engines` runs the tests with older ones.
ENGINE = tuple(map(int, buildinfo.version.split(".")))
# Texts of the engine on cards that it cannot render.
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
    """The numbers of notes that the engine reports as added, updated, unchanged, and not updated because their note type differs."""

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
    """Import a package as the desktop program does by default."""
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
    """Answer the next `count` new cards, with all buttons in turn."""
    deck = next(d for d in col.decks.all_names_and_ids() if d.name != "Default")
    col.decks.set_current(deck.id)
    for n in range(count):
        card = col.sched.getCard()
        assert card is not None, "nothing to study"
        col.sched.answerCard(card, 1 + n % 4)


def cards(col: Collection) -> list[Card]:
    return [col.get_card(cid) for cid in col.find_cards("", order="c.nid, c.ord")]


def schedules(col: Collection) -> dict[tuple[str, int], tuple]:
    """Guid and 0-based ordinal → all columns that the scheduler stores about the card. `due` of a new card is its position in the queue."""
    rows = col.db.all(
        "select n.guid, c.ord, c.id, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.data "
        "from cards c join notes n on n.id = c.nid"
    )
    return {(guid, ord_): tuple(rest) for guid, ord_, *rest in rows}


def render_errors(col: Collection) -> list[str]:
    """A message for each card that has an error or a blank side."""
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
    """The names of the note types in use."""
    return {col.models.get(mid)["name"] for mid in col.db.list("select distinct mid from notes")}
