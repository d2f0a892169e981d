"""Remembers which lock this version of deckgen made last. It has no wrong values, and is not validated again.

The cache has only a digest of the text. A lock that a merge, an editor or another version wrote has another digest.
"""

from pathlib import Path

from deckgen.cache import Cache, Row, deck_cache, key_of

NAME = "lock"
"""The name of the row in the cache of a deck."""


def remember_written(cache: Cache, key: str) -> None:
    """Remember the lock with this key, which deckgen made, in the cache of its deck."""
    cache.put(NAME, Row((key,), b""))


def is_written(root: Path, key: str) -> bool:
    """Whether the lock of the deck in the folder `root`, which has this key, is the one that was remembered last."""
    with deck_cache(root) as cache:
        row = cache.get(NAME)
    return row is not None and row.keys == (key,)


def lock_key(content: bytes) -> str:
    """The key of the content of a lock."""
    return key_of(content)
