"""Choose the version of a build. It has the version of a release only if it is that release."""

import hashlib
import tempfile
from collections.abc import Sequence

from msgspec.structs import replace

from deckgen.identity.lock import LockedRelease
from deckgen.package.write import PackageDeck, packed_collection, write_package
from deckgen.project import Project
from deckgen.versions import development_version


def with_build_version(project: Project, deck: PackageDeck, releases: Sequence[LockedRelease]) -> Project:
    """Return the project with the version of the build.

    That is the version in deck.toml. If this version is released and the deck is different now, it is a development
    version. Otherwise nobody could distinguish two packages of one version.
    """
    released = next((release for release in releases if release.release == project.version), None)
    if released is None or _is_release(deck, released):
        return project
    return replace(project, version=development_version(release.release for release in releases))


def _is_release(deck: PackageDeck, released: LockedRelease) -> bool:
    # If a note changed after the release, the answer is known without packing the deck.
    return all(group.newest <= released.time for group in deck.groups) and _package_sha256(deck) == released.sha256


def _package_sha256(deck: PackageDeck) -> str:
    """Return the SHA-256 of the deck's package, in hexadecimal."""
    with tempfile.TemporaryFile() as file:
        write_package(file, deck, packed_collection(deck, release=True))
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
