"""Refuse a release that is the same as the last one. Such a release is probably a mistake."""

from deckgen.deck_description import description_without_version
from deckgen.diff.compare import Diff
from deckgen.package.contents import Package
from deckgen.problems import DeckError
from deckgen.release.files import ReleaseFiles
from deckgen.release.options import ReleaseOptions
from deckgen.release.previous import PreviousRelease


def require_change(made: ReleaseFiles, last: PreviousRelease, options: ReleaseOptions) -> None:
    """Check that the release changes something. Raises DeckError if only the version differs from the last release."""
    if made.diff and not _differs(made.diff) and _pages(made.diff.new) == _pages(last.package):
        raise DeckError.at(
            str(options.root),
            f"nothing changed since the last release, {last.version}",
            code="release-empty",
            hint="use --allow-empty to release it nevertheless",
        )


def _differs(diff: Diff) -> bool:
    """Whether notes, note types, media or the order of the notes differ."""
    media = diff.media
    return bool(
        diff.added
        or diff.removed
        or diff.changed
        or diff.moved
        or diff.types
        or media.added
        or media.removed
        or media.changed
        or [note.guid for note in diff.old.notes] != [note.guid for note in diff.new.notes]
    )


def _pages(package: Package) -> dict[str, str]:
    """Name of a deck → its description, without the version."""
    return {deck: description_without_version(packed.description) for deck, packed in package.decks.items()}
