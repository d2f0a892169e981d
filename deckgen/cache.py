"""A cache in one SQLite file, for results that can be computed again.

No reader trusts the file: each row has a digest, and a file that is damaged or of another version is made again. If the file
cannot be read or written, there is no cache, and the results are computed. So no error of the cache stops a command.

SQLite in WAL mode: two commands can use the file at once, a killed one leaves a whole file, and one row is read without the
others. Rows are MessagePack, and zlib compresses long ones. They are never pickled, because reading a pickle can run code.

The file is in the user's folder for caches, and not beside the notes: the folder of a deck may be read-only, git would show the file,
and `check` and the preview have no folder for packages.
"""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

VARIABLE = "DECKGEN_CACHE"
"""The environment variable with the folder of the caches. If it is empty, there is no cache."""
_FORMAT = 1
_SCHEMA = f"""CREATE TABLE row (name TEXT PRIMARY KEY, keys TEXT NOT NULL, value BLOB NOT NULL, digest BLOB NOT NULL);
PRAGMA user_version = {_FORMAT}"""
# The names as folders of metadata have them.
_LIBRARIES = ("beautifulsoup4", "markdown", "math_core", "msgspec", "pygments", "pymdown_extensions", "pyyaml")
_CODE = Path(__file__).parent
_SUFFIXES = (".py", ".toml", ".html", ".css")
# SQLite's codes of errors that are not the file's fault: another command uses it, the disk is full, or it may not be written.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
_WAIT = 2.0  # seconds to wait for another command that writes


class Row(NamedTuple):
    """A row of a cache. `keys` are the digests of what the value was made from: it is valid for each of them."""

    keys: tuple[str, ...]
    value: bytes


class Cache:
    """The cache in the file at `path`. With None, and if the file cannot be used, nothing is stored.

    A name has one row, so a new row replaces the old one, and the file does not grow with each edit.
    """

    def __init__(self, path: Path | None):
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._new: dict[str, Row] = {}
        if path is not None:
            self._open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, name: str) -> Row | None:
        """Return the row of a name, or None. A damaged row is None too."""
        if name in self._new or self._database is None:
            return self._new.get(name)
        try:
            found = self._database.execute("SELECT keys, value, digest FROM row WHERE name = ?", (name,)).fetchone()
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            return None
        return _row(name, *found) if found else None

    def get_all(self, start: str) -> dict[str, Row]:
        """Return the rows whose names begin with `start`, by their names. Rows that are damaged or not saved yet are left out."""
        if self._database is None:
            return {}
        query = "SELECT name, keys, value, digest FROM row WHERE name >= ? AND name < ?"
        try:
            found = self._database.execute(query, (start, f"{start}{chr(sys.maxunicode)}")).fetchall()
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            return {}
        return {name: row for name, *values in found if isinstance(name, str) and (row := _row(name, *values))}

    def put(self, name: str, row: Row) -> None:
        """Replace the row of a name when `save` is called."""
        if self._database is not None:
            self._new[name] = row

    def save(self, is_old: Callable[[str], bool] | None = None) -> None:
        """Write the new rows, in one transaction. With `is_old`, also remove the rows for whose names it returns true."""
        if self._database is None or not (self._new or is_old):
            return
        try:
            removed = self._old(self._database, is_old) if is_old else []
            if self._new or removed:
                with self._database:
                    rows = (
                        (name, " ".join(row.keys), row.value, _digest(name, row)) for name, row in self._new.items()
                    )
                    self._database.executemany("INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?)", rows)
                    self._database.executemany("DELETE FROM row WHERE name = ?", removed)
        except sqlite3.DatabaseError as error:
            self._give_up(error)
        self._new = {}

    def close(self) -> None:
        """Close the file. What was not saved is lost."""
        if self._database is not None:
            self._database.close()
        self._database = None

    def _old(self, database: sqlite3.Connection, is_old: Callable[[str], bool]) -> list[tuple[str]]:
        return [(name,) for (name,) in database.execute("SELECT name FROM row") if is_old(name)]

    def _open(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = _connected(path)
        except OSError:
            return
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            if not path.exists():
                self._open_new(path)

    def _open_new(self, path: Path) -> None:
        try:
            self._database = _connected(path)
        except sqlite3.DatabaseError:
            self.close()

    def _give_up(self, error: sqlite3.DatabaseError) -> None:
        """Use the file no more. A file that is damaged or of another format is removed. A file that is in use stays."""
        self.close()
        if self._path is None or getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING:
            return
        for path in _files(self._path):
            try:
                path.unlink(missing_ok=True)
            except OSError:
                return


def _row(name: str, keys: object, value: object, digest: object) -> Row | None:
    """The row of a name with these values, None if it is damaged."""
    if not isinstance(keys, str) or not isinstance(value, bytes):
        return None
    row = Row(tuple(keys.split()), value)
    return row if digest == _digest(name, row) else None


def _connected(path: Path) -> sqlite3.Connection:
    """Open the database, and make its table if it is new. Raises sqlite3.DatabaseError if it is none, or of another format."""
    database = sqlite3.connect(path, timeout=_WAIT)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        # After a power failure, rows may be lost or damaged. Then they are made again.
        database.execute("PRAGMA synchronous = OFF")
        (found,) = database.execute("PRAGMA user_version").fetchone()
        if found == 0:
            database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}; COMMIT")
        elif found != _FORMAT:
            raise sqlite3.DatabaseError(f"the cache has the format {found}")
        database.execute("SELECT name, keys, value, digest FROM row LIMIT 1")
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def deck_cache(root: Path) -> Cache:
    """Return the cache of the deck in the folder `root`. It is in the user's folder for caches, one file for each deck."""
    folder = cache_folder()
    if folder is None:
        return Cache(None)
    name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return Cache(folder / f"{name}.sqlite")


def cache_folder() -> Path | None:
    """Return the folder of the caches: `DECKGEN_CACHE`, else `deckgen` in the user's folder for caches. None: no cache."""
    if VARIABLE in os.environ:
        return Path(os.environ[VARIABLE]) if os.environ[VARIABLE] else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "") or os.path.expanduser("~/.cache")
    return Path(base) / "deckgen" if os.path.isabs(base) else None


def key_of(*parts: bytes | str) -> str:
    """Return a key for the parts. It contains the versions of deckgen's code and of the libraries. Without parts, it is the key of the versions."""
    made = hashlib.sha256(code_versions())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big"))
        made.update(data)
    return made.hexdigest()[:32]


@cache
def code_versions() -> bytes:
    """Return a digest of all that computes: deckgen's own code, the libraries, and Python."""
    made = hashlib.sha256(sys.version.split()[0].encode())
    for path in sorted(_code_files()):
        name = path.removeprefix(f"{_CODE}{os.sep}").replace(os.sep, "/")
        content = bytes_of(path)
        if b"\r" in content:  # git may change the ends of lines
            content = content.replace(b"\r\n", b"\n")
        made.update(name.encode() + b"\0" + content + b"\0")
    for name, version in sorted(_library_versions().items()):
        made.update(f"{name} {version}\n".encode())
    return made.digest()


def bytes_of(path: str) -> bytes:
    """Return the bytes of a file. A buffer would take a third longer, and a command reads hundreds of files. Raises OSError."""
    with open(path, "rb", buffering=0) as file:
        return file.read()


def _library_versions() -> dict[str, str]:
    """Name of a library → its version, by the names of the folders `NAME-VERSION.dist-info`.

    To import `importlib.metadata` for that takes a tenth of the time in which a command starts.
    """
    found: dict[str, str] = {}
    for entry in (entry for folder in sys.path for entry in _entries(folder) if entry.endswith(".dist-info")):
        name, _, version = entry.lower().removesuffix(".dist-info").partition("-")
        if name in _LIBRARIES:
            found.setdefault(name, version)
    return {name: found.get(name) or _installed_version(name) for name in _LIBRARIES}


def _entries(folder: str) -> list[str]:
    """The names in a folder. There are none if it is missing, is a zip archive or cannot be read."""
    try:
        return os.listdir(folder) if folder else []
    except OSError:
        return []


def _installed_version(name: str) -> str:
    from importlib.metadata import version

    return version(name)


def _code_files() -> Iterator[str]:
    """The paths of the files that contain deckgen's code and templates. `os.walk` takes half the time of `Path.rglob`."""
    for folder, _, names in os.walk(_CODE):
        yield from (os.path.join(folder, name) for name in names if name.endswith(_SUFFIXES))


def _files(path: Path) -> Iterable[Path]:
    """The files of a database: itself, and those that SQLite puts next to it."""
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]


def _digest(name: str, row: Row) -> bytes:
    return hashlib.sha256("\0".join((name, *row.keys)).encode() + b"\0" + row.value).digest()[:16]
