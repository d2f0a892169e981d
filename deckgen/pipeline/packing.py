"""The fourth stage: rendered notes and their entries in the lock → the content of the package."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from deckgen.deck_description import deck_description
from deckgen.identity.stamp import StampedLock
from deckgen.model import Media, Note, RenderedNote
from deckgen.notetypes import MATH_FONT, NoteTypes
from deckgen.package.former import FormerPackage
from deckgen.package.write import PackageDeck, PackageNote, package_errors
from deckgen.problems import Problem, Severity
from deckgen.project import Project, deck_name


def package_notes(
    rendered: Sequence[RenderedNote], stamped: StampedLock, cards_of: Callable[[RenderedNote], tuple[int, ...]]
) -> list[PackageNote]:
    """Return the notes with the guids and times of the lock, in the same order. `cards_of` returns the 0-based ordinals of a note's cards."""
    return [
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
    ]


def package_deck(
    project: Project,
    notes: Sequence[PackageNote],
    media: Iterable[Media],
    types: NoteTypes,
    stamped: StampedLock,
    former: FormerPackage,
) -> PackageDeck:
    """Return the content of the package: the notes, their media, and their note types with the times of the lock.

    The notes of `former` are copied from the last package.
    """
    kinds = {note.kind for note in notes} | {kind for each in former.groups.values() for _, kind in each.group.uses}
    files = {each.name: each for each in (*media, *(file for kind in sorted(kinds) for file in types[kind].media))}
    if project.mathml:
        files[MATH_FONT.name] = MATH_FONT
    return PackageDeck(
        project.id,
        deck_name(project.name),
        deck_description(project),
        notes,
        tuple(files.values()),
        {entry.notetype: entry.mod for entry in stamped.lock.types if entry.notetype in kinds},
        types,
        project.mathml,
        former,
    )


def package_problems(deck: PackageDeck, notes: Sequence[Note]) -> Iterator[Problem]:
    """Yield what Anki would refuse of the notes and media of a package, each at its note. `notes` are the notes in the same order."""
    for index, message in package_errors(deck.notes, deck.media):
        file, line = (notes[index].file, notes[index].line) if index is not None else (deck.name, 0)
        yield Problem(file, line, 1 if line else 0, Severity.ERROR, "package-invalid", message)
