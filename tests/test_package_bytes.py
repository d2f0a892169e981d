"""Test that the bytes of a package do not depend on zlib and SQLite, whose versions are not pinned."""

import io
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path

import pytest
from decks import build, package_of, write_deck

from deckgen.package.archive import open_archive
from deckgen.package.database import PAGE, clear_unused_bytes, database_bytes

NOW = 1_700_000_000
TEXT = b"".join(b"%d: %x\n" % (n, n * n * 7919) for n in range(20_000))


def test_a_text_is_compressed_to_known_bytes() -> None:
    """The pinned libdeflate gives the same bytes on every machine."""
    out = io.BytesIO()
    with open_archive(out) as archive:
        archive.add("a", TEXT, compress=True)
    assert sha256(out.getvalue()).hexdigest() == "2653a8467adb6767305cf6948d9faf4084e146c46cb335d3f25527df18a07542"


@pytest.mark.parametrize("data", [b"", b"a", TEXT, bytes(range(256)) * 999], ids=["empty", "one byte", "text", "bytes"])
def test_members_are_read_back_and_both_headers_agree(data: bytes) -> None:
    out = io.BytesIO()
    with open_archive(out) as archive:
        archive.add("first", data, compress=True)
        archive.add("second", data, compress=False)
        archive.add("third", data, compress=True)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None and [archive.read(name) for name in archive.namelist()] == [data] * 3
        for info, method in zip(archive.infolist(), (8, 0, 8), strict=True):
            fields = struct.unpack_from("<4s5H3L2H", out.getvalue(), info.header_offset)
            assert fields[0] == b"PK\3\4" and fields[3] == info.compress_type == method
            assert (
                fields[6:9]
                == (info.CRC, info.compress_size, info.file_size)
                == (zlib.crc32(data), info.compress_size, len(data))
            )


def test_an_error_in_the_block_is_raised_by_open_archive(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), open(tmp_path / "x", "wb") as file, open_archive(file):
        raise RuntimeError


# The cache may use zlib.
WITHOUT = """
import sys, types, zlib
import deckgen.stored
deckgen.stored.zlib = types.SimpleNamespace(compress=zlib.compress, decompress=zlib.decompress)
def refuse(*arguments, **more):
    raise AssertionError("zlib compresses")
zlib.compress = zlib.compressobj = refuse
from deckgen.cli import main
main(sys.argv[1:])
"""


def test_a_build_does_not_compress_with_zlib(tmp_path: Path) -> None:
    deck = write_deck(tmp_path / "deck", {"a.md": "# D\n\n## Q?\n\nA.\n"})
    first = package_of(build(deck, tmp_path / "out", NOW)).read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "build", deck, "--out", tmp_path / "again"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert next((tmp_path / "again").glob("*.apkg")).read_bytes() == first


def rows(cursor: sqlite3.Cursor) -> None:
    """Make a table with an index and long rows, and delete some rows."""
    cursor.executescript("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX i ON t (b);")
    cursor.executemany(
        "INSERT INTO t VALUES (?, ?)",
        ((n, f"{n * 7919 % 10007} " * (2000 if n % 100 == 0 else 9)) for n in range(3000)),
    )
    cursor.execute("DELETE FROM t WHERE a % 3 = 0")


def test_a_database_has_its_rows_and_no_other_data(tmp_path: Path) -> None:
    content = database_bytes(rows)
    (tmp_path / "x.db").write_bytes(content)
    connection = sqlite3.connect(tmp_path / "x.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("SELECT count(*), sum(length(b)) FROM t").fetchone() == (
        2000,
        sum(len(f"{n * 7919 % 10007} " * (2000 if n % 100 == 0 else 9)) for n in range(3000) if n % 3),
    )
    connection.close()
    assert content == database_bytes(rows) == clear_unused_bytes(content) and content[92:100] == bytes(8)


def test_unused_bytes_of_another_sqlite_are_cleared() -> None:
    """Other versions write their version into the header, and leave old data between the cell pointers and the cells of a page."""
    content = database_bytes(rows)
    dirty, spoiled = bytearray(content), 0
    dirty[92:100] = b"\0\0\0\1\0\x2e\x63\1"
    for page in range(PAGE, len(content), PAGE):
        size = {2: 12, 5: 12, 10: 8, 13: 8}.get(content[page])
        if size:
            cells, first = struct.unpack_from(">HH", content, page + 3)
            gap = page + size + 2 * cells, page + first
            assert content[gap[0] : gap[1]] == bytes(gap[1] - gap[0])
            dirty[gap[0] : gap[1]] = b"?" * (gap[1] - gap[0])
            spoiled += gap[1] > gap[0]
    assert spoiled > 10 and clear_unused_bytes(bytes(dirty)) == content
