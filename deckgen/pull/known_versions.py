"""Find the versions of notes that learners may have: as the notes are now, in packages, and in git."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from deckgen.identity.lock import LockEntry
from deckgen.notetypes import ids_of
from deckgen.package.read import read_package
from deckgen.pictures import Progress
from deckgen.problems import DeckError
from deckgen.pull.deck import DeckNotes
from deckgen.pull.history import committed_versions
from deckgen.pull.versions import Version, built_version, packed_version
from deckgen.sources import types_of


class Bases(Struct, frozen=True):
    """Where older versions are looked for: packages that the user names, and the folder with the packages of builds and releases."""

    packages: tuple[Path, ...]
    out: Path


def present_versions(deck: DeckNotes) -> dict[str, Version]:
    """Guid → version, for the notes that did not change since the last build."""
    old = {entry.guid: entry for entry in deck.lock.notes}
    pairs = ((entry, built_version(item, entry, old.get(entry.guid))) for item, entry in zip(deck.items, deck.entries))
    return {entry.guid: version for entry, version in pairs if version}


def older_versions(
    deck: DeckNotes, wanted: Sequence[LockEntry], bases: Bases, progress: Progress
) -> dict[str, list[Version]]:
    """Guid → versions, for the notes `wanted` (entries of the lock), from packages and from git.

    Raises DeckError if a package that the user named cannot be read, or is of another deck.
    """
    found: dict[str, list[Version]] = defaultdict(list)
    guids = {entry.guid for entry in wanted}
    if not guids:
        return found
    for guid, version in (*_of_packages(deck, bases), *committed_versions(deck.project.root, guids, progress)):
        if guid in guids:
            found[guid].append(version)
    return found


def _of_packages(deck: DeckNotes, bases: Bases) -> Iterator[tuple[str, Version]]:
    known = {ids_of(each, deck.project.id).notetype for each in types_of(deck.project, deck.lock)}
    for path in bases.packages:
        package = read_package(path)
        if not {note.notetype.id for note in package.notes} <= known:
            raise DeckError.at(str(path), "is not a package of this deck", code="package-other", hint="check --base")
        yield from ((note.guid, packed_version(note, path.name)) for note in package.notes)
    for path in _built_packages(bases.out, deck.project.slug):
        try:
            package = read_package(path)
        except DeckError:
            continue  # The user did not name this file, and nothing depends on it.
        yield from ((note.guid, packed_version(note, path.name)) for note in package.notes if note.notetype.id in known)


def _built_packages(out: Path, slug: str) -> Iterable[Path]:
    """The packages of builds and releases in a folder, without those of retired notes."""
    found = [*out.glob(f"{slug}-*.apkg"), *out.glob(f"*/{slug}-*.apkg")]
    return sorted(path for path in found if not path.stem.endswith("-cleanup"))
