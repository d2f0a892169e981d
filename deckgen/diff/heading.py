"""The title of a diff: the deck and the versions of both packages, or their files."""

from dataclasses import dataclass

from deckgen.deck_description import version_in_description
from deckgen.diff.compare import Diff
from deckgen.package.contents import Package


@dataclass(frozen=True, slots=True)
class Named:
    """A deck of a package, and the version that its description tells."""

    deck: str
    version: str


def named(package: Package) -> Named | None:
    """The deck whose description tells its version; None where none does, or several do."""
    found = [
        Named(deck, version)
        for deck, description in package.decks.items()
        if (version := version_in_description(description))
    ]
    return found[0] if len(found) == 1 else None


def heading(diff: Diff) -> str:
    """The title of the diff: `Deck 1.0.0 → 1.1.0`. Where that does not tell the packages apart, the names of their files."""
    old, new = named(diff.old), named(diff.new)
    if old and new and old.deck == new.deck and old.version != new.version:
        return f"{old.deck} {old.version} → {new.version}"
    return f"{_file(diff.old, old)} → {_file(diff.new, new)}"


def _file(package: Package, known: Named | None) -> str:
    return f"{package.path.name} (version {known.version})" if known else package.path.name
