"""Broken cards and media in a collection, and which of two packages causes each defect. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deckgen.verify.import_test import CollectionSnapshot, ImportTest

Card = tuple[str, int]
"""guid and 0-based ordinal."""


@dataclass(frozen=True, slots=True)
class Defect:
    """`kind` is one of those below. `message` is the engine's, for a card that it renders with an error."""

    kind: str
    message: str = ""


RENDER, BLANK, EMPTY, BARE, MISSING = "render", "blank", "empty", "bare", "missing"
Defects = Mapping[Defect, frozenset[Any]]
"""Defect → what has it: cards, guids of notes without cards, or names of files."""


@dataclass(frozen=True, slots=True)
class DefectsByPackage:
    """The defects after an import: those that the new package causes, and those that the old one causes."""

    new: Defects
    old: Defects


def defects_by_package(import_test: ImportTest, fresh: ImportTest) -> DefectsByPackage:
    """Divide the defects after an import between the two packages.

    A defect that the new package also has in an empty collection is left out: the import test `fresh` reports it. Of the
    others, those that existed before the import belong to the old package.
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
    return _filled({**shown, Defect(EMPTY): empty, Defect(BARE): bare, Defect(MISSING): seen.missing})


def _filled(found: Mapping[Defect, Iterable[Any]]) -> dict[Defect, frozenset[Any]]:
    return {defect: frozenset(having) for defect, having in found.items() if having}
