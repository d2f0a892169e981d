"""The notes as Anki has them: from a package, from a copy of a collection, or from a running Anki."""

import os
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.ankiconnect import DEFAULT_URL, KEY_VARIABLE, Client, Connection
from deckgen.package.contents import Package, PackedNote
from deckgen.package.read import read_media, read_package
from deckgen.problems import DeckError

RUNNING = "anki"
"""What `--from` names instead of a file to read a running Anki."""
_COLLECTION, _MEDIA = "collection.anki2", ".media"
_TRIES = 5  # copies of a collection that changes meanwhile


class AnkiNotes(Struct, frozen=True):
    """Notes of a collection. `name` is where they are from, as messages show it. `notes` are by guid.

    `whole` says that these are all notes of the collection: a note that is not here is not in it. `media` returns the content of
    those of some media files that are there, by name.
    """

    name: str
    notes: Mapping[str, PackedNote]
    whole: bool
    media: Callable[[set[str]], dict[str, bytes]]


@contextmanager
def anki_notes(where: str, deck: str, *, url: str = DEFAULT_URL) -> Iterator[AnkiNotes]:
    """The notes of a package, of a collection (the file or its folder), or of the running Anki (`RUNNING`).

    `deck` is the name of the deck that a running Anki exports, and `url` the address of its add-on AnkiConnect. A collection is copied first, and only the copy is opened. Raises
    DeckError if the notes cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="deckgen-pull-") as folder:
        if where == RUNNING:
            client = Client(Connection(url, os.environ.get(KEY_VARIABLE, "")))
            yield _of_package(_exported(deck, client, Path(folder)), "Anki", whole=False)
        elif (path := _collection_at(Path(where))) is not None:
            notes = _of_package(_packed(path, Path(folder)), where, whole=True)
            yield replace(notes, media=lambda names: _files_of(path.with_name(path.stem + _MEDIA), names))
        else:
            yield _of_package(read_package(Path(where)), where, whole=where.endswith(".colpkg"))


def _collection_at(path: Path) -> Path | None:
    """The collection that a path names; None if the path names another file."""
    if path.is_dir():
        return path / _COLLECTION
    return path if path.suffix == ".anki2" else None


def _of_package(package: Package, name: str, *, whole: bool) -> AnkiNotes:
    notes = {note.guid: note for note in package.notes}
    return AnkiNotes(name, notes, whole, lambda names: read_media(package, names))


def _exported(deck: str, client: Client, folder: Path) -> Package:
    """A deck of a running Anki as a package. The protocol gives guids in no other way."""
    client.require()
    path = folder / "deck.apkg"
    if not client.export_package(deck, path) or not path.is_file():
        raise DeckError.at(
            client.url, f"Anki has no deck “{deck}”", code="pull-deck", hint="import the package of the deck first"
        )
    return read_package(path)


def _packed(path: Path, folder: Path) -> Package:
    """A copy of a collection as a package without media, which has the same tables."""
    copied, packed = _copy(path, folder), folder / "collection.apkg"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(copied, _COLLECTION)
    return read_package(packed)


def _copy(path: Path, folder: Path) -> Path:
    """Copy a collection with its write-ahead log into a folder, and return the copy as one file.

    Anki keeps a collection locked and may write to it. So only the copy is opened, and the files are copied again if they changed meanwhile.
    """
    log = path.with_name(path.name + "-wal")
    for _ in range(_TRIES):
        before = _times(path, log)
        copied = folder / _COLLECTION
        try:
            shutil.copyfile(path, copied)
            (folder / f"{_COLLECTION}-wal").unlink(missing_ok=True)
            if log.is_file():
                shutil.copyfile(log, folder / f"{_COLLECTION}-wal")
        except OSError as error:
            raise DeckError.at(str(path), f"cannot be read: {error.strerror}", code="file-unreadable") from error
        if _times(path, log) == before:
            return _in_one_file(copied, folder / "single", str(path))
        time.sleep(0.2)
    raise DeckError.at(
        str(path), "changes while it is copied", code="pull-collection", hint="close Anki, or use --from anki"
    )


def _times(*paths: Path) -> list[tuple[int, int]]:
    found = (path.stat() if path.is_file() else None for path in paths)
    return [(each.st_mtime_ns, each.st_size) if each else (0, 0) for each in found]


def _in_one_file(copied: Path, single: Path, name: str) -> Path:
    """Write a database and its log into one file. Raises DeckError if it is damaged."""
    try:
        source, target = sqlite3.connect(copied), sqlite3.connect(single)
        try:
            source.create_collation(
                "unicase", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold())
            )
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            (state,) = source.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            source.close()
            target.close()
    except sqlite3.Error as error:
        raise _damaged(name, str(error)) from error
    if state != "ok":
        raise _damaged(name, str(state))
    return single


def _damaged(name: str, why: str) -> DeckError:
    return DeckError.at(
        name, f"is no collection of Anki, or is damaged: {why}", code="pull-collection", hint="close Anki and try again"
    )


def _files_of(folder: Path, names: set[str]) -> dict[str, bytes]:
    paths = (
        (name, folder / name) for name in names if "/" not in name and "\\" not in name and name not in (".", "..")
    )
    return {name: path.read_bytes() for name, path in paths if path.is_file()}
