"""An SQLite database as bytes that do not depend on the version of SQLite that Python is linked with, nor on how that was built.

File format: https://sqlite.org/fileformat.html, sections 1.3 (the header) and 1.6 (b-tree pages).
"""

import sqlite3
from collections.abc import Callable, Iterator

PAGE = 4096
# What SQLite may have been built to do otherwise: Debian's clears what is deleted, others leave it where it was.
_SETTINGS = (f"page_size = {PAGE}", "auto_vacuum = NONE", "encoding = 'UTF-8'", "secure_delete = ON")
# A counter and the version of the library that wrote last; nothing needs them.
_WRITER = slice(92, 100)
_FIRST = 100  # bytes of the header of the file, on the first page
# Kind of a b-tree page → bytes of its header. Other pages begin with a number of a page, which is never so large.
_HEADS = {2: 12, 5: 12, 10: 8, 13: 8}


def database_bytes(fill: Callable[[sqlite3.Cursor], None]) -> bytes:
    """The bytes of a database in which `fill` has made tables and rows."""
    connection = sqlite3.connect(":memory:")
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        fill(connection.cursor())
        connection.commit()
        connection.execute("VACUUM")
        return clear_unused_bytes(connection.serialize())
    finally:
        connection.close()


def clear_unused_bytes(content: bytes) -> bytes:
    """The database with zeros where nothing is: versions of SQLite leave there what they moved elsewhere."""
    found = bytearray(content)
    found[_WRITER] = bytes(_WRITER.stop - _WRITER.start)
    for start, stop in _gaps(content):
        found[start:stop] = bytes(stop - start)
    return bytes(found)


def _gaps(content: bytes) -> Iterator[tuple[int, int]]:
    """Where b-tree pages hold nothing: between the places of their cells, which grow from above, and the cells, which grow from below."""
    for page in range(0, len(content), PAGE):
        head = page if page else _FIRST
        if content[head] in _HEADS:
            cells = int.from_bytes(content[head + 3 : head + 5], "big")
            first = int.from_bytes(content[head + 5 : head + 7], "big")
            yield head + _HEADS[content[head]] + 2 * cells, page + first
