"""Open the database of a package that is read. Its schema, its values and its pages may be made to harm the reader."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from deckgen.package.limits import FREE_STEPS, LARGEST_TABLE_VALUE, STEPS_PER_BYTE, OverLimit

_EVERY = 100_000  # instructions of SQLite between two calls of the progress handler
# Bytes 18 and 19 say that the database uses a write-ahead log, which is not in the package.
_NO_LOG = b"\x01\x01"
_LOG_BYTES = 18


class Database:
    """An open database with tables only. Its text is counted, because damaged pages can yield the same text again and again."""

    def __init__(self, connection: sqlite3.Connection, size: int):
        self._connection = connection
        self._bytes_left = size
        self._steps_left = FREE_STEPS + STEPS_PER_BYTE * size
        connection.set_progress_handler(self._count_steps, _EVERY)

    def _count_steps(self) -> bool:
        """Count the instructions of SQLite. The result True stops the query."""
        self._steps_left -= _EVERY
        return self._steps_left < 0

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query. Raises OverLimit if it takes too long, and sqlite3.DatabaseError or ValueError if the data is damaged."""
        try:
            for row in self._connection.execute(query):
                self._bytes_left -= sum(len(value) for value in row if isinstance(value, str | bytes))
                if self._bytes_left < 0:
                    raise ValueError("tables of its database contain the same data twice")
                yield row
        except sqlite3.OperationalError as error:
            if self._steps_left < 0:
                raise OverLimit("takes too long to read: its database needs too many steps") from error
            raise
        except MemoryError as error:  # a damaged page can say that a value has any size
            raise ValueError("its database has a value that needs more memory than there is") from error
        except sqlite3.DataError as error:
            raise OverLimit(f"is too large: a row of its database has more than {LARGEST_TABLE_VALUE} bytes") from error

    def value(self, query: str) -> object:
        """The first value of the first row of a query. Raises ValueError if there is no row, and the errors of `rows`."""
        row = next(self.rows(query), None)
        if row is None:
            raise ValueError("a table of its database is empty")
        return row[0]


@contextmanager
def open_database(write: Callable[[IO[bytes]], int]) -> Iterator[Database]:
    """A database for reading. `write` writes it to a file and returns its size in bytes.

    Raises sqlite3.DatabaseError or ValueError if the data is no database with tables only.
    """
    with tempfile.TemporaryDirectory(prefix="deckgen-package-") as folder:
        path = Path(folder, "collection.anki2")
        with open(path, "w+b") as file:
            size = write(file)
            if size > _LOG_BYTES:
                file.seek(_LOG_BYTES)
                file.write(_NO_LOG)
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            database = Database(connection, size)
            _restrict(connection)
            _check_schema(database)
            yield database


def _restrict(connection: sqlite3.Connection) -> None:
    """Let the database call no functions with effects, and return no huge values."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_TABLE_VALUE)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    # Anki's indexes use a collation of its own. It must exist, or SQLite refuses to read. Its order does not matter here.
    connection.create_collation("unicase", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold()))


def _check_schema(database: Database) -> None:
    """Raise ValueError for views, triggers, virtual tables and computed columns: Anki has none, and they run code."""
    for kind, name, sql in list(database.rows("SELECT type, name, sql FROM sqlite_master")):
        words = str(sql).upper().split(None, 2)[:2]
        if kind not in ("table", "index") or (kind == "table" and words != ["CREATE", "TABLE"]):
            raise ValueError(f"its database has the {kind} {str(name)[:100]!a}, and collections have only tables")
    computed = (
        "SELECT t.name FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND c.hidden > 0"
    )
    if found := next(database.rows(computed), None):
        raise ValueError(f"its database computes values of the table {str(found[0])[:100]!a}")
