"""The title of a diff: the deck and the versions of both packages, or their files."""

from msgspec import Struct

from deckgen.deck_description import version_in_description
from deckgen.diff.compare import Diff
from deckgen.package.contents import Package


class DeckVersion(Struct, frozen=True):
    """The name of a deck, and the version that its description contains."""

    deck: str
    version: str


def deck_version(package: Package) -> DeckVersion | None:
    """Return the deck whose description contains a version. None if no deck or several decks have one."""
    found = [
        DeckVersion(deck, version)
        for deck, packed in package.decks.items()
        if (version := version_in_description(packed.description))
    ]
    return found[0] if len(found) == 1 else None


def heading(diff: Diff) -> str:
    """Return the title of the diff, such as `Deck 1.0.0 → 1.1.0`. It has the file names if name and version are not enough."""
    old, new = deck_version(diff.old), deck_version(diff.new)
    if old and new and old.deck == new.deck and old.version != new.version:
        return f"{old.deck} {old.version} → {new.version}"
    return f"{_file_title(diff.old, old)} → {_file_title(diff.new, new)}"


def _file_title(package: Package, known: DeckVersion | None) -> str:
    return f"{package.path.name} (version {known.version})" if known else package.path.name
