"""The last stage: the package and the texts that go with it → files."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from deckgen.files import write_all
from deckgen.package.write import PackageDeck, write_package


def write_deck(path: Path, deck: PackageDeck, texts: Mapping[Path, str]) -> None:
    """Write a package and the files of `texts` (path → text).

    All files are whole on disk before any takes its name; the lock takes it first, the package last. Raises OSError where a file cannot be written; then none was changed.

    A package without its lock would be stamped again with the same second by the next build, and Anki would ignore
    what changed in between; a lock without its package is made good by building again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_all({**{file: text.encode() for file, text in texts.items()}, path: partial(write_package, deck=deck)})
