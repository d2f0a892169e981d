"""Groups of notes in a package, and the places of their rows in the collection."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from deckgen.package.rows import PackageNote


class NoteGroup(Struct, frozen=True):
    """Consecutive notes of a package without their texts: what the rest of the package depends on.

    `uses` are their decks and kinds, each pair once, in the order of the notes. `rows` maps each deck to the number of its rows, which are
    those of notes and cards. `newest` is the latest time of change, in seconds (Unix time).
    """

    uses: tuple[tuple[str, str], ...]
    rows: Mapping[str, int]
    notes: int
    cards: int
    newest: int


class Place(Struct, frozen=True):
    """Where the rows of a group are. `first` is the 0-based index of its first note in the package, `ids` maps each deck to the id of its first row."""

    first: int
    ids: Mapping[str, int]


def group_of(notes: Sequence[PackageNote]) -> NoteGroup:
    """Return the group of one or more notes."""
    rows: dict[str, int] = {}
    for note in notes:
        rows[note.deck] = rows.get(note.deck, 0) + 1 + len(note.cards)
    return NoteGroup(
        tuple(dict.fromkeys((note.deck, note.kind) for note in notes)),
        rows,
        len(notes),
        sum(len(note.cards) for note in notes),
        max(note.mod for note in notes),
    )


def places(groups: Sequence[NoteGroup], decks: Iterable[str], first: int) -> list[Place]:
    """Return the places of all groups of a package. The rows are in the order of `decks`, and have ids from `first` on.

    A note has the id before its cards. Within a deck the order is that of the notes.
    """
    of_deck: dict[str, list[int]] = {name: [] for name in decks}
    found: list[tuple[int, dict[str, int]]] = []
    index = 0
    for n, group in enumerate(groups):
        found.append((index, {}))
        index += group.notes
        for name in group.rows:
            of_deck[name].append(n)
    for name, own in of_deck.items():
        for n in own:
            found[n][1][name] = first
            first += groups[n].rows[name]
    return [Place(*each) for each in found]
