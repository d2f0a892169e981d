"""Refuse a release that is the same as the last one: it is most likely a mistake."""

from deckgen.deck_description import description_without_version
from deckgen.diff.compare import Diff
from deckgen.package.contents import Package
from deckgen.problems import DeckError
from deckgen.release.files import ReleaseFiles
from deckgen.release.options import ReleaseOptions
from deckgen.release.previous import PreviousRelease


def require_change(made: ReleaseFiles, last: PreviousRelease, options: ReleaseOptions) -> None:
    """Raise DeckError if nothing but the version differs from the last release."""
    if made.diff and not _differs(made.diff) and _pages(made.diff.new) == _pages(last.package):
        raise DeckError.at(
            str(options.root),
            f"nothing changed since {last.version}, the last release",
            code="release-empty",
            hint="--allow-empty releases it all the same",
        )


def _differs(diff: Diff) -> bool:
    """Whether notes, note types or media differ, or the notes are in another order."""
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
    """The decks with their descriptions, without the version."""
    return {deck: description_without_version(text) for deck, text in package.decks.items()}
