"""Remembers which lock this version of deckgen wrote last. It has no wrong values, and is not validated again.

The cache has only a digest of the text. A lock that a merge, an editor or another version wrote has another digest.
"""

from pathlib import Path

from deckgen.cache import Row, deck_cache, key_of

NAME = "lock"
"""The name of the row in the cache of a deck."""


def remember_written(root: Path, text: str) -> None:
    """Remember the lock that deckgen wrote for the deck in the folder `root`."""
    if is_written(root, text):
        return
    with deck_cache(root) as cache:
        cache.put(NAME, Row((key_of(text),), b""))
        cache.save()


def is_written(root: Path, text: str) -> bool:
    """Whether the text of a lock is the one that was remembered last."""
    with deck_cache(root) as cache:
        row = cache.get(NAME)
    return row is not None and row.keys == (key_of(text),)
