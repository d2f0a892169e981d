"""The fourth stage: rendered notes and their entries in the lock → the content of the package."""

from collections.abc import Callable, Iterator, Sequence

from deckgen.deck_description import deck_description
from deckgen.identity.stamp import StampedLock
from deckgen.model import Note, RenderedNote
from deckgen.notetypes import MATH_FONT, NoteTypes
from deckgen.package.write import PackageDeck, PackageNote, package_errors
from deckgen.problems import Problem, Severity
from deckgen.project import Project, deck_name


def package_deck(
    project: Project,
    rendered: Sequence[RenderedNote],
    stamped: StampedLock,
    types: NoteTypes,
    cards_of: Callable[[RenderedNote], tuple[int, ...]],
) -> PackageDeck:
    """Return the content of the package: the notes with the guids and times of the lock, their media and note types.

    `cards_of` returns the 0-based ordinals of a note's cards.
    """
    notes = tuple(
        PackageNote(
            entry.guid,
            item.note.kind,
            tuple(item.fields.values()),
            item.note.tags,
            item.note.deck,
            entry.mod,
            cards_of(item),
        )
        for item, entry in zip(rendered, stamped.entries)
    )
    media = {media.name: media for item in rendered for media in (*item.media, *item.notetype.media)}
    if project.mathml:
        media[MATH_FONT.name] = MATH_FONT
    kinds = {note.kind for note in notes}
    return PackageDeck(
        project.id,
        deck_name(project.name),
        deck_description(project),
        notes,
        tuple(media.values()),
        {entry.notetype: entry.mod for entry in stamped.lock.types if entry.notetype in kinds},
        types,
        project.mathml,
    )


def package_problems(deck: PackageDeck, notes: Sequence[Note]) -> Iterator[Problem]:
    """Yield what Anki would refuse in the package, each at its note. `notes` are the notes of `deck`, in the same order."""
    for index, message in package_errors(deck.notes, deck.media):
        file, line = (notes[index].file, notes[index].line) if index is not None else (deck.name, 0)
        yield Problem(file, line, 1 if line else 0, Severity.ERROR, "package-invalid", message)
