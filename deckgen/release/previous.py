"""The release that learners have. Its packages are identified by the checksums in the lock."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.identity.lock import Lock, LockedRelease
from deckgen.notetypes import ids_of
from deckgen.package.contents import Package
from deckgen.package.read import read_package
from deckgen.problems import DeckError
from deckgen.project import FILE, Project
from deckgen.release.names import package_name
from deckgen.sources import types_of


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """A release as it was shared; `cleanup` holds the notes that were retired by then, where there were any. `time` is in seconds."""

    version: str
    time: int
    package: Package
    cleanup: Package | None


def read_previous(folder: Path, project: Project, lock: Lock, record: LockedRelease) -> PreviousRelease:
    """Read a release from the folder that holds its files. Raises DeckError if they are not the files that were released, or are of another deck."""
    then = replace(project, version=record.release)
    package = _found(folder / package_name(then), record.sha256, record.release)
    cleanup = (
        _found(folder / package_name(then, "-cleanup"), record.cleanup, record.release) if record.cleanup else None
    )
    if not {note.notetype.id for note in package.notes} <= _type_ids(project, lock):
        raise DeckError.at(
            str(project.root),
            f"{record.release} was a release of another deck",
            code="release-last",
            hint=f"the id in {FILE} must stay what it was",
        )
    return PreviousRelease(record.release, record.time, package, cleanup)


def _type_ids(project: Project, lock: Lock) -> set[int]:
    """The ids of the note types that packages of the deck can hold: also of those that it brought once."""
    ours = {ids_of(each, project.id).notetype for each in types_of(project, lock)}
    return ours | {row.id for row in lock.types if row.id is not None}


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _found(path: Path, expected: str, version: str) -> Package:
    """The package with the checksum: the slug may have been another when it was made."""
    sums = {sha256(other): other for other in sorted(path.parent.glob("*.apkg"))}
    if expected in sums:
        return read_package(sums[expected])
    if path.is_file():
        raise DeckError.at(
            str(path),
            f"is not the package that was released as {version}: its SHA-256 is {sha256(path)}, not {expected}",
            code="release-last",
            hint="take the file that was shared",
        )
    raise DeckError.at(
        str(path),
        f"the package of release {version} is not there",
        code="release-last",
        hint=f"put the files that were shared as {version} there, name their folder with --after, or make them again: "
        f"deckgen release {version} at its tag",
    )
