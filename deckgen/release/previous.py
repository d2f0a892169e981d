"""Read the previous release, which learners have. The checksums in the lock identify its packages."""

import hashlib
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.identity.lock import Lock, LockedRelease
from deckgen.notetypes import ids_of
from deckgen.package.contents import Package
from deckgen.package.read import read_package
from deckgen.problems import DeckError
from deckgen.project import FILE, Project
from deckgen.release.names import package_name
from deckgen.sources import types_of


class PreviousRelease(Struct, frozen=True):
    """A release as the author shared it. `time` is the time of the release in seconds (Unix time).

    `cleanup` is the package with the retired notes; None if there were none.
    """

    version: str
    time: int
    package: Package
    cleanup: Package | None


def read_previous(folder: Path, project: Project, lock: Lock, record: LockedRelease) -> PreviousRelease:
    """Read a release from the folder with its files. `record` is its row in the lock.

    Raises DeckError if the files are missing, are not the files that were released, or are of another deck.
    """
    before = replace(project, version=record.release)
    package = _package_with_checksum(folder / package_name(before), record.sha256, record.release)
    cleanup = (
        _package_with_checksum(folder / package_name(before, "-cleanup"), record.cleanup, record.release)
        if record.cleanup
        else None
    )
    if not {note.notetype.id for note in package.notes} <= _type_ids(project, lock):
        raise DeckError.at(
            str(project.root),
            f"{record.release} is a release of another deck",
            code="release-last",
            hint=f"restore the old id in {FILE}",
        )
    return PreviousRelease(record.release, record.time, package, cleanup)


def _type_ids(project: Project, lock: Lock) -> set[int]:
    """The ids of all note types that the deck has or had."""
    ours = {ids_of(each, project.id).notetype for each in types_of(project, lock)}
    return ours | {row.id for row in lock.types if row.id is not None}


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits. Raises OSError if it cannot be read."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _package_with_checksum(path: Path, expected: str, version: str) -> Package:
    """The package in the folder of `path` that has the expected SHA-256. Its name may differ, because the slug may have changed."""
    sums = {sha256(other): other for other in sorted(path.parent.glob("*.apkg"))}
    if expected in sums:
        return read_package(sums[expected])
    if path.is_file():
        raise DeckError.at(
            str(path),
            f"is not the package that was released as {version}: its SHA-256 is {sha256(path)}, not {expected}",
            code="release-last",
            hint="use the file that you shared",
        )
    raise DeckError.at(
        str(path),
        f"the package of release {version} is missing",
        code="release-last",
        hint=f"put the files of {version} there, name their folder with --after, or make them again: "
        f"check out the tag and run deckgen release {version}",
    )
