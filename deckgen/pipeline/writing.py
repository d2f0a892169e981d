"""The last stage: write the package, the lock and deck.toml."""

from collections.abc import Callable, Mapping
from pathlib import Path

from deckgen.files import write_all
from deckgen.package.archive import Compressed
from deckgen.package.write import PackageDeck, write_package


def write_deck(
    path: Path, deck: PackageDeck, collection: Callable[[], Compressed], contents: Mapping[Path, bytes]
) -> None:
    """Write the package to `path`, and the files of `contents` (path → content). `collection` waits for the collection of the package.

    All files are written and synced under temporary names. Then they are renamed, the package last. Raises OSError if a
    file cannot be written; then no file was changed.
    """
    # Suppose that only the package was renamed. The next build could stamp other text with the same second, and Anki would
    # ignore that text. If only the lock was renamed, the next build repairs it.
    path.parent.mkdir(parents=True, exist_ok=True)
    write_all({**contents, path: lambda file: write_package(file, deck, collection())})
