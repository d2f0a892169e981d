"""Which version a build may use: never that of a release, unless it is that release."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace

from deckgen.identity.lock import LockedRelease
from deckgen.package.write import PackageDeck, write_package
from deckgen.project import Project
from deckgen.versions import development_version


def as_unreleased(project: Project, deck: PackageDeck, releases: Sequence[LockedRelease]) -> Project:
    """The project with the version that a build of the deck bears.

    That is the version in deck.toml. Where it is released, and the deck is not what was released, it is a development version: two
    packages of one version would be taken for one another.
    """
    released = next((release for release in releases if release.release == project.version), None)
    if released is None or _is(deck, released):
        return project
    return replace(project, version=development_version(release.release for release in releases))


def _is(deck: PackageDeck, released: LockedRelease) -> bool:
    # A note that changed since tells it without packing the deck.
    return all(note.mod <= released.time for note in deck.notes) and _sha256(deck) == released.sha256


def _sha256(deck: PackageDeck) -> str:
    """The SHA-256 of the package that a deck makes, in hexadecimal."""
    with tempfile.TemporaryFile() as file:
        write_package(file, deck)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
