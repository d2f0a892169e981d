"""Make broken packages from packages of deckgen."""

import sqlite3
import zipfile
from pathlib import Path


def members(package: Path) -> dict[str, bytes]:
    """Name in the zip archive → content."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, files: dict[str, bytes]) -> Path:
    """Write a zip archive with these members, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def altered(package: Path, path: Path, *statements: str, **files: bytes) -> Path:
    """Copy a legacy package to `path`, run SQL statements on its collection, and add or replace members (`files`)."""
    content = members(package)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(content["collection.anki2"])
    for statement in statements:
        connection.execute(statement)
    return packed(path, {**content, "collection.anki2": connection.serialize(), **files})
