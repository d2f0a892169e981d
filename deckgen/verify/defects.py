"""Find broken cards and missing media in a collection, and decide which of two packages causes each. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from deckgen.verify.import_test import CollectionSnapshot, ImportTest

Card = tuple[str, int]
"""The guid of the note, and the 0-based ordinal of the card."""


class Defect(Struct, frozen=True):
    """A kind of defect: one of the constants below. `message` is the error that the engine shows on a card; "" for other kinds."""

    kind: str
    message: str = ""


# A card with an error, a card with a blank question, a card that Anki would delete, a note without cards, a missing file.
RENDER, BLANK, EMPTY, WITHOUT_CARDS, MISSING = "render", "blank", "empty", "bare", "missing"
Defects = Mapping[Defect, frozenset[Any]]
"""Defect → its cards, its notes (guids) or its files (names)."""


class DefectsByPackage(Struct, frozen=True):
    """The defects after an import: `new` are caused by the new package, `old` by the old one."""

    new: Defects
    old: Defects


def defects_by_package(import_test: ImportTest, fresh: ImportTest) -> DefectsByPackage:
    """The defects after an import, by the package that causes them.

    `fresh` is the import of the new package into an empty collection. A defect that occurs there too is left out, because
    `fresh` reports it. If another defect existed before the import, the old package causes it; else the new one.
    """
    found = defects(import_test.after)
    if import_test is fresh:
        return DefectsByPackage(found, {})
    alone, before = defects(fresh.after), defects(import_test.before)
    left = {defect: having - alone.get(defect, frozenset()) for defect, having in found.items()}
    new = {defect: having - before.get(defect, frozenset()) for defect, having in left.items()}
    return DefectsByPackage(_filled(new), _filled({defect: having - new[defect] for defect, having in left.items()}))


def defects(seen: CollectionSnapshot) -> Defects:
    """All defects of a collection."""
    shown: dict[Defect, set[Card]] = {}
    for card in seen.render_errors:
        shown.setdefault(Defect(BLANK) if card.blank else Defect(RENDER, card.message), set()).add(
            (card.guid, card.ordinal)
        )
    empty = frozenset(seen.empty).difference(*shown.values())
    bare = frozenset(guid for guid, note in seen.notes.items() if not note.cards)
    return _filled({**shown, Defect(EMPTY): empty, Defect(WITHOUT_CARDS): bare, Defect(MISSING): seen.missing})


def _filled(found: Mapping[Defect, Iterable[Any]]) -> dict[Defect, frozenset[Any]]:
    return {defect: frozenset(having) for defect, having in found.items() if having}
