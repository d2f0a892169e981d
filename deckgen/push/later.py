"""Copy a package with later times of change."""

import sqlite3
import zipfile
from collections.abc import Iterable
from pathlib import Path

_COLLECTION = "collection.anki2"


def copy_with_times(package: Path, guids: Iterable[str], mod: int, target: Path) -> None:
    """Copy a package of deckgen to `target`. The notes with these guids get the time of change `mod` (Unix time in seconds)."""
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, _with_times(data, guids, mod) if name == _COLLECTION else data)


def _with_times(data: bytes, guids: Iterable[str], mod: int) -> bytes:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
        with connection:
            connection.executemany("UPDATE notes SET mod = ? WHERE guid = ?", [(mod, guid) for guid in guids])
        return connection.serialize()
    finally:
        connection.close()
