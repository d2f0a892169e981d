"""Cards and media that a learner would find broken, and which of two packages breaks them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deckgen.verify.rehearse import Rehearsal, Seen

Card = tuple[str, int]
"""guid and 0-based ordinal."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` is one of those below. `message` is the engine's, for a card that it renders with an error."""

    kind: str
    message: str = ""


RENDER, BLANK, EMPTY, BARE, MISSING = "render", "blank", "empty", "bare", "missing"
Faults = Mapping[Fault, frozenset]
"""What has each fault: cards, the guids of notes without cards, names of files."""


@dataclass(frozen=True, slots=True)
class Blamed:
    """The faults after an import that the new package causes, and those that the old one does."""

    new: Faults
    old: Faults


def blame(rehearsal: Rehearsal, fresh: Rehearsal) -> Blamed:
    """A fault that the new package has in an empty collection is its own, and told there. Else one that was there before it is the old one's."""
    found = faults(rehearsal.seen)
    if rehearsal is fresh:
        return Blamed(found, {})
    alone, before = faults(fresh.seen), faults(rehearsal.earlier)
    left = {fault: having - alone.get(fault, frozenset()) for fault, having in found.items()}
    new = {fault: having - before.get(fault, frozenset()) for fault, having in left.items()}
    return Blamed(_filled(new), _filled({fault: having - new[fault] for fault, having in left.items()}))


def faults(seen: Seen) -> Faults:
    """All that is broken in a collection."""
    shown: dict[Fault, set[Card]] = {}
    for card in seen.faults:
        shown.setdefault(Fault(BLANK) if card.blank else Fault(RENDER, card.message), set()).add(
            (card.guid, card.ordinal)
        )
    empty = frozenset(seen.empty).difference(*shown.values())
    bare = frozenset(guid for guid, note in seen.notes.items() if not note.cards)
    return _filled({**shown, Fault(EMPTY): empty, Fault(BARE): bare, Fault(MISSING): seen.missing})


def _filled(found: Mapping[Fault, Iterable]) -> dict[Fault, frozenset]:
    return {fault: frozenset(having) for fault, having in found.items() if having}
