"""Write an SQLite database with the same bytes on every machine, for all versions and builds of SQLite.

The file format: https://sqlite.org/fileformat.html, sections 1.3 (the header) and 1.6 (b-tree pages).
"""

import sqlite3
from collections.abc import Callable, Iterator

PAGE = 4096  # bytes of a page
# Settings whose defaults differ between builds of SQLite. For example, Debian's build overwrites deleted data, and others do not.
# VACUUM writes a temporary database. In memory that takes half the time. A journal is only for a build that goes on after an error.
_SETTINGS = (
    f"page_size = {PAGE}",
    "auto_vacuum = NONE",
    "encoding = 'UTF-8'",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "journal_mode = OFF",
)
# Bytes of the header: a counter and the version of SQLite. No reader needs them.
_VERSION_BYTES = slice(92, 100)
_FILE_HEADER_BYTES = 100  # bytes of the file's header, at the start of the first page
# Type of a b-tree page (its first byte) → bytes of its header. Other pages begin with the high byte of a page number, which is 0.
_HEADER_BYTES = {2: 12, 5: 12, 10: 8, 13: 8}


def database_bytes(fill: Callable[[sqlite3.Connection], None]) -> bytearray:
    """The bytes of a new database. `fill` makes its tables and rows."""
    connection = sqlite3.connect(":memory:")
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        fill(connection)
        connection.commit()
        connection.execute("VACUUM")
        content = connection.serialize()
    finally:
        connection.close()
    return clear_unused_bytes(content)


def clear_unused_bytes(content: bytes) -> bytearray:
    """The database with zeros in all unused bytes. SQLite leaves old data there, and versions leave different data."""
    found = bytearray(content)
    found[_VERSION_BYTES] = bytes(_VERSION_BYTES.stop - _VERSION_BYTES.start)
    for start, stop in _gaps(content):
        found[start:stop] = bytes(stop - start)
    return found


def _gaps(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of the unused bytes of each b-tree page: between the array of cell pointers and the cells."""
    for page in range(0, len(content), PAGE):
        head = page if page else _FILE_HEADER_BYTES
        if content[head] in _HEADER_BYTES:
            cells = int.from_bytes(content[head + 3 : head + 5], "big")
            first = int.from_bytes(content[head + 5 : head + 7], "big")
            yield head + _HEADER_BYTES[content[head]] + 2 * cells, page + first
