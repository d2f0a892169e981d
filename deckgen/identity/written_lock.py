"""Remembers which lock this version of deckgen made last. It has no wrong values, and is not validated again.

The cache has only a digest of the text. A lock that a merge, an editor or another version wrote has another digest.
"""

from functools import lru_cache
from pathlib import Path

from deckgen.cache import Cache, Row, deck_cache, key_of

NAME = "lock"
"""The name of the row in the cache of a deck."""


def remember_written(cache: Cache, text: str) -> None:
    """Remember the text of a lock that deckgen made, in the cache of its deck."""
    cache.put(NAME, Row((lock_key(text),), b""))


def is_written(root: Path, text: str) -> bool:
    """Whether the text of the lock of the deck in the folder `root` is the one that was remembered last."""
    with deck_cache(root) as cache:
        row = cache.get(NAME)
    return row is not None and row.keys == (lock_key(text),)


@lru_cache(maxsize=2)
def lock_key(text: str) -> str:
    """The key of the text of a lock. A build needs it several times for the old text and for the new one."""
    return key_of(text)
