"""Problems that one note alone does not show: two notes with one id, two decks with one name."""

from collections.abc import Iterable, Iterator

from deckgen.model import Note
from deckgen.problems import Problem, Severity


def repeated_ids(notes: Iterable[Note]) -> Iterator[Problem]:
    """A problem for each note whose explicit id another note before it has."""
    first: dict[str, Note] = {}
    for note in notes:
        if note.id is None:
            continue
        if other := first.get(note.id):
            yield Problem(
                note.file,
                note.line,
                1,
                Severity.ERROR,
                "id-repeated",
                f"the id #{note.id} is taken by {other.file}:{other.line}",
                "give one of the two another id",
            )
        first.setdefault(note.id, note)


def decks_in_another_case(notes: Iterable[Note]) -> Iterator[Problem]:
    """A problem for the first note of each deck whose name, or a parent's, another note spells with other capitals.

    To Anki case makes no difference between decks; of such two it renames one (`Name_`).
    """
    first: dict[str, tuple[str, Note]] = {}
    reported: set[str] = set()
    for note in notes:
        parents = note.deck.split("::")
        for name in ("::".join(parents[:n]) for n in range(1, len(parents) + 1)):
            known, other = first.setdefault(name.casefold(), (name, note))
            if name != known and name not in reported:
                reported.add(name)
                yield Problem(
                    note.file,
                    note.line,
                    1,
                    Severity.ERROR,
                    "deck-case",
                    f"the deck “{name}” is “{known}” of {other.file}:{other.line} in other capitals, which Anki takes for one name",
                    "write both the same way",
                )
