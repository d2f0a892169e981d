"""Read an Anki package of any format: the legacy formats (`collection.anki2`, `.anki21`) and the current one (`.anki21b`).

In the current format the collection, the media map and each media file are compressed with Zstandard. A `.colpkg` of a whole
collection has the same formats. All that is read is checked here, so other code can trust the contents of a package.
"""

import hashlib
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from deckgen.package.collection import read_decks, read_notes
from deckgen.package.contents import Package, PackedMedia
from deckgen.package.database_read import open_database
from deckgen.package.limits import LARGEST_COLLECTION, LARGEST_TEXT, OverLimit
from deckgen.package.media_map import media_names
from deckgen.package.packed_types import read_types
from deckgen.package.protobuf import Message
from deckgen.package.unpack import PackedFiles, ZstdError
from deckgen.problems import DeckError

_CURRENT = "collection.anki21b"
# The newest format first. Next to a newer collection, an older one only tells old clients to update.
_FORMATS = (_CURRENT, "collection.anki21", "collection.anki2")
_AGAIN = "copy, download or build it again"
_NEWEST = 3  # the highest version of the format that is known
_LARGEST_META = 1024  # bytes
_ENCRYPTED = 1  # a flag of a member
# Errors of the libraries that read damaged data, and of the checks of values.
_DAMAGED = (
    zipfile.BadZipFile,
    sqlite3.Error,
    zlib.error,
    ZstdError,
    struct.error,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
    NotImplementedError,
)


def read_package(path: Path) -> Package:
    """Read the package of a file. Raises DeckError if the file cannot be read, is no package, is damaged, is too large, or is from a newer Anki."""
    with _open_package(path) as files:
        current = _CURRENT in files
        member = next(name for name in _FORMATS if name in files)
        write = partial(files.write, member, limit=LARGEST_COLLECTION, compressed=current)
        with open_database(write) as database:
            types, decks = read_types(database), read_decks(database)
            notes = tuple(read_notes(database, types, decks))
        media = tuple(_packed_media(files, current))
        return Package(path, member, tuple(types.values()), notes, media, {deck.name: deck for deck in decks.values()})


def read_media(package: Package, names: Collection[str]) -> dict[str, bytes]:
    """Name of a media file → its content, for those of the names that the package has. Raises DeckError if it cannot be read."""
    return dict(media_contents(package, names))


def media_contents(package: Package, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each media file that has one of the names, one at a time. Raises DeckError if one cannot be read."""
    wanted = set(names)
    with _open_package(package.path) as files:
        for item in package.media:
            if item.name in wanted:
                yield item.name, files.data(item.member, item.size, compressed=package.format == _CURRENT)


@contextmanager
def _open_package(path: Path) -> Iterator[PackedFiles]:
    """The members of a package. Errors of the block are raised as DeckError."""
    file = str(path)
    try:
        with open(path, "rb") as opened, zipfile.ZipFile(opened) as archive:
            files = PackedFiles(archive, path.stat().st_size)
            _check_kind(files, file)
            yield files
    except OverLimit as error:
        raise DeckError.at(file, str(error), code="package-over-limit") from error
    except OSError as error:
        raise DeckError.at(file, f"cannot be read: {error.strerror or error}", code="file-unreadable") from error
    except _DAMAGED as error:
        raise _damage(path, error) from error


def _damage(path: Path, error: Exception) -> DeckError:
    if isinstance(error, zipfile.BadZipFile) and not (path.stat().st_size and zipfile.is_zipfile(path)):
        message = "is not a zip file; Anki packages are zip files"
        return DeckError.at(str(path), message, code="package-zip", hint="check the path")
    missing = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    return DeckError.at(str(path), f"is damaged: {missing}", code="package-damaged", hint=_AGAIN)


def _check_kind(files: PackedFiles, file: str) -> None:
    """Raise DeckError if a zip archive is no package that this deckgen reads."""
    if not any(name in files for name in _FORMATS):
        raise DeckError.at(
            file,
            "is a zip file, but not an Anki package: it has no collection",
            code="package-none",
            hint="check the path",
        )
    if any(info.flag_bits & _ENCRYPTED for info in files.infos.values()):
        raise DeckError.at(
            file,
            "is encrypted; Anki packages are never encrypted",
            code="package-encrypted",
            hint="unpack it with its password",
        )
    version = Message(files.data("meta", _LARGEST_META, compressed=False)).integer(1) if "meta" in files else 0
    if version > _NEWEST:
        raise DeckError.at(
            file,
            f"is from a newer Anki: its format has the version {version}, and this deckgen reads versions up to {_NEWEST}",
            code="package-newer",
            hint="use a newer deckgen, or export the package again for older Anki versions",
        )


def _packed_media(files: PackedFiles, current: bool) -> Iterator[PackedMedia]:
    if "media" not in files:
        return
    names = media_names(files.data("media", LARGEST_TEXT, compressed=current), current)
    for member, name in sorted(names, key=lambda item: item[1]):
        if member not in files:
            raise ValueError(f"the media map names {name}, but the package does not have this file")
        size, digest = 0, hashlib.sha256()
        for chunk in files.chunks(member, LARGEST_COLLECTION, compressed=current):
            size += len(chunk)
            digest.update(chunk)
        yield PackedMedia(name, size, digest.hexdigest(), member)
