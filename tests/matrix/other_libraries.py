"""Runs deckgen with another zlib (zlib-ng) and another SQLite (that of apsw) than Python's own."""

import sys
from collections.abc import Iterable
from types import ModuleType

import apsw
from zlib_ng import zlib_ng


class Cursor:
    """The methods of a cursor of `sqlite3` that deckgen and genanki use."""

    def __init__(self, connection: apsw.Connection):
        self._connection = connection
        self._cursor = connection.cursor()

    def execute(self, statement: str, values: Iterable[object] = ()) -> apsw.Cursor:
        return self._cursor.execute(statement, tuple(values))

    def executemany(self, statement: str, rows: Iterable[Iterable[object]]) -> None:
        self._cursor.executemany(statement, map(tuple, rows))

    def executescript(self, statements: str) -> None:
        self._cursor.execute(statements)

    @property
    def lastrowid(self) -> int:
        return self._connection.last_insert_rowid()


class Connection:
    def __init__(self, name: str):
        self._connection = apsw.Connection(name)

    def cursor(self) -> Cursor:
        return Cursor(self._connection)

    def execute(self, statement: str) -> apsw.Cursor:
        return self._connection.execute(statement)

    def commit(self) -> None:
        """Each statement is committed by itself."""

    def serialize(self) -> bytes:
        return self._connection.serialize("main")

    def close(self) -> None:
        self._connection.close()


def replaced() -> None:
    import sqlite3
    import zlib

    other = ModuleType("sqlite3")
    vars(other).update({name: value for name, value in vars(sqlite3).items() if name.startswith("SQLITE_")})
    other.connect, other.Connection, other.Cursor, other.Error, other.DatabaseError = Connection, Connection, Cursor, apsw.Error, apsw.Error
    assert apsw.sqlitelibversion() != sqlite3.sqlite_version, "both are of one version, which proves nothing"
    assert zlib_ng.compress(b"x" * 99 + bytes(range(99)) * 9) != zlib.compress(b"x" * 99 + bytes(range(99)) * 9), "both compress alike"
    sys.modules.update({"sqlite3": other, "zlib": zlib_ng})


if __name__ == "__main__":
    replaced()
    from deckgen.cli import main

    main()
