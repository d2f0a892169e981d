"""The version of a build: never that of a release, except if the build is that release."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace

from deckgen.identity.lock import LockedRelease
from deckgen.package.write import PackageDeck, write_package
from deckgen.project import Project
from deckgen.versions import development_version


def with_build_version(project: Project, deck: PackageDeck, releases: Sequence[LockedRelease]) -> Project:
    """The project with the version that a build of the deck gets.

    That is the version in deck.toml. If it is released and the deck is another now, it is a development version: nobody
    could tell two packages of one version apart.
    """
    released = next((release for release in releases if release.release == project.version), None)
    if released is None or _is_release(deck, released):
        return project
    return replace(project, version=development_version(release.release for release in releases))


def _is_release(deck: PackageDeck, released: LockedRelease) -> bool:
    # A note that changed since tells it without packing the deck.
    return all(note.mod <= released.time for note in deck.notes) and _package_sha256(deck) == released.sha256


def _package_sha256(deck: PackageDeck) -> str:
    """The SHA-256 of the package that a deck makes, in hexadecimal."""
    with tempfile.TemporaryFile() as file:
        write_package(file, deck)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
