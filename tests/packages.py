"""Makes damaged packages: defects of other tools, written into a package of deckgen."""

import sqlite3
import zipfile
from pathlib import Path


def members(package: Path) -> dict[str, bytes]:
    """Return the members of a package by name."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, files: dict[str, bytes]) -> Path:
    """Write a package with these members, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def altered(package: Path, path: Path, *statements: str, **files: bytes) -> Path:
    """Write a copy of a legacy package, after SQL statements on its collection. `files` are added or replace members."""
    content = members(package)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(content["collection.anki2"])
    for statement in statements:
        connection.execute(statement)
    return packed(path, {**content, "collection.anki2": connection.serialize(), **files})
