"""Read an Anki package of any format: the legacy formats (`collection.anki2`, `.anki21`) and the current one (`.anki21b`).

In the current format the collection, the media map and each media file are compressed with Zstandard. The media map is
a protocol buffer (`MediaEntries` in Anki's import_export.proto). In the legacy formats the media map is JSON.
"""

import hashlib
import json
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deckgen.package.collection import open_collection, read_decks, read_notes, read_types
from deckgen.package.contents import Package, PackedMedia
from deckgen.package.protobuf import Message, message_fields
from deckgen.problems import DeckError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CURRENT = "collection.anki21b"
# The newest format first. Next to a newer collection, an older one only tells old clients to update.
_FORMATS = (_CURRENT, "collection.anki21", "collection.anki2")
_AGAIN = "copy, download or build it again"
_NEWEST = 3  # the highest version of the format that is known


def read_package(path: Path) -> Package:
    """Read the package of a file. Raises DeckError if the file cannot be read, is no package, is damaged, or is from a newer Anki."""
    with _open_package(path) as (archive, current):
        name = next(name for name in _FORMATS if name in archive.namelist())
        connection = open_collection(_read_member(archive, name, current))
        try:
            types, decks = read_types(connection), read_decks(connection)
            notes = tuple(read_notes(connection, types, decks))
        finally:
            connection.close()
        return Package(
            path, name, tuple(types.values()), notes, tuple(_packed_media(archive, current)), dict(decks.values())
        )


def read_media(package: Package, names: set[str]) -> dict[str, bytes]:
    """Name of a media file → its content, for those of the names that the package has. Raises DeckError if it cannot be read."""
    with _open_package(package.path) as (archive, current):
        return {item.name: _read_member(archive, item.member, current) for item in package.media if item.name in names}


@contextmanager
def _open_package(path: Path) -> Iterator[tuple[zipfile.ZipFile, bool]]:
    """The open zip archive, and whether it has the current format. Errors of the block are raised as DeckError."""
    file = str(path)
    try:
        with open(path, "rb") as opened, zipfile.ZipFile(opened) as archive:
            yield archive, _is_current(archive, file)
    except zipfile.BadZipFile as error:
        known = path.stat().st_size and zipfile.is_zipfile(path)
        raise DeckError.at(
            file,
            f"is damaged: {error}" if known else "is not a zip file; Anki packages are zip files",
            code="package-damaged" if known else "package-zip",
            hint=_AGAIN if known else "check the path",
        ) from error
    except OSError as error:
        raise DeckError.at(file, f"cannot be read: {error.strerror or error}", code="file-unreadable") from error
    except (
        sqlite3.DatabaseError,
        zlib.error,
        zstd.ZstdError,
        EOFError,
        ValueError,
        LookupError,
        TypeError,
        NotImplementedError,
    ) as error:
        raise DeckError.at(file, f"is damaged: {error}", code="package-damaged", hint=_AGAIN) from error


def _is_current(archive: zipfile.ZipFile, file: str) -> bool:
    names = set(archive.namelist())
    if not names & set(_FORMATS):
        raise DeckError.at(
            file,
            "is a zip file, but not an Anki package: it has no collection",
            code="package-none",
            hint="check the path",
        )
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise DeckError.at(
            file,
            "is encrypted; Anki packages are never encrypted",
            code="package-encrypted",
            hint="unpack it with its password",
        )
    version = Message(archive.read("meta")).integer(1) if "meta" in names else 0
    if version > _NEWEST:
        raise DeckError.at(
            file,
            f"is from a newer Anki: its format has the version {version}, and this deckgen reads versions up to {_NEWEST}",
            code="package-newer",
            hint="use a newer deckgen, or export the package again for older Anki versions",
        )
    return _CURRENT in names


def _read_member(archive: zipfile.ZipFile, name: str, compressed: bool) -> bytes:
    data = archive.read(name)
    return zstd.decompress(data) if compressed else data


def _packed_media(archive: zipfile.ZipFile, current: bool) -> Iterator[PackedMedia]:
    if "media" not in archive.namelist():
        return
    for member, name in sorted(
        _media_names(_read_member(archive, "media", current), current), key=lambda item: item[1]
    ):
        if member not in archive.namelist():
            raise ValueError(f"the media map names {name}, but the package does not have this file")
        data = _read_member(archive, member, current)
        yield PackedMedia(name, len(data), hashlib.sha256(data).hexdigest(), member)


def _media_names(data: bytes, current: bool) -> list[tuple[str, str]]:
    """The name in the zip archive and the real name of each media file."""
    if not current:
        return list(dict(json.loads(data)).items())
    entries = [Message(entry) for number, entry in message_fields(data) if number == 1 and isinstance(entry, bytes)]
    return [(str(entry.integer(255) or n), entry.text(1)) for n, entry in enumerate(entries)]
