"""Test that packages made to harm their reader are refused: each with one line, in bounded time and memory."""

import json
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from decks import PIXEL, build, package_of, write_deck
from packages import altered, members, packed

from deckgen.package.read import read_media, read_package
from deckgen.package.unpack import zstd
from deckgen.problems import DeckError

NOW = 1_700_000_000
NOTES = "## What is a query?\n\nA vector: ![p](p.png)\n\n## What is a key?\n\nA vector.\n"
ZEROS = bytes(300 * 2**20)
MEMORY = 1500 * 2**20  # bytes of address space, of which Python and its libraries use some 300 MB
# Prints the error of each package of the command line, or "read".
READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
from pathlib import Path
from deckgen.package.read import read_package
from deckgen.problems import DeckError
for path in sys.argv[2:]:
    try:
        read_package(Path(path))
        print("read")
    except DeckError as error:
        print(error)
"""


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Path:
    """A package of deckgen, in the legacy format."""
    home = tmp_path_factory.mktemp("ours")
    return package_of(build(write_deck(home / "deck", {"a.md": NOTES, "p.png": PIXEL}), home / "out", NOW))


def error_of(path: Path) -> str:
    """The only problem of a package, as the user sees it."""
    with pytest.raises(DeckError) as caught:
        read_package(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path) and "\n" not in str(problem)
    return f"{problem.message} [{problem.code}]"


def errors_in_little_memory(paths: list[Path]) -> list[str]:
    """The errors of packages, read by a process with little memory."""
    words = [sys.executable, "-c", READ, str(MEMORY), *map(str, paths)]
    result = subprocess.run(words, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    return [line.replace(str(path), path.name) for line, path in zip(result.stdout.splitlines(), paths, strict=True)]


def deflated(path: Path, files: dict[str, bytes]) -> Path:
    """Write a zip archive whose members are compressed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_small_files_that_unpack_to_much_are_refused_in_little_memory(ours, tmp_path):
    legacy = members(ours)
    current = {"meta": b"\x08\x03", "collection.anki21b": zstd.compress(legacy["collection.anki2"])}
    bomb = zstd.compress(ZEROS)
    entries = b"".join(b"\x0a\x03\x0a\x01" + name for name in (b"a", b"b"))
    bombs = {
        "collection": deflated(tmp_path / "collection.apkg", {**legacy, "collection.anki2": ZEROS}),
        "media map": deflated(tmp_path / "map.apkg", {**legacy, "media": ZEROS}),
        "media": deflated(tmp_path / "media.apkg", {**legacy, "0": ZEROS}),
        "meta": deflated(tmp_path / "meta.apkg", {**legacy, "meta": ZEROS}),
        "zstd collection": packed(tmp_path / "zc.apkg", {**current, "collection.anki21b": bomb}),
        "zstd media map": packed(tmp_path / "zm.apkg", {**current, "media": bomb}),
        "zstd media": packed(tmp_path / "zf.apkg", {**current, "media": zstd.compress(entries), "0": bomb, "1": bomb}),
    }
    assert all(path.stat().st_size < 2**20 for path in bombs.values())
    found = dict(zip(bombs, errors_in_little_memory(list(bombs.values())), strict=True))
    most = "is too large: it unpacks to more than 268435456 bytes [package-over-limit]"
    assert found == {
        "collection": f"collection.apkg: error: {most}",
        "media map": "map.apkg: error: is too large: 'media' in it has more than 16777216 bytes [package-over-limit]",
        "media": f"media.apkg: error: {most}",
        "meta": "meta.apkg: error: is too large: 'meta' in it has more than 1024 bytes [package-over-limit]",
        "zstd collection": f"zc.apkg: error: {most}",
        "zstd media map": "zm.apkg: error: is too large: 'media' in it has more than 16777216 bytes [package-over-limit]",
        "zstd media": f"zf.apkg: error: {most}",
    }


def test_media_that_share_their_bytes_are_counted_each(ours, tmp_path):
    """Three members of 100 MiB: each is small enough, and together they are not."""
    files = {**members(ours), "media": json.dumps({str(n): f"{n}.png" for n in range(3)}).encode()}
    path = deflated(tmp_path / "a.apkg", {**files, **{str(n): ZEROS[: 100 * 2**20] for n in range(3)}})
    assert error_of(path) == "is too large: it unpacks to more than 268435456 bytes [package-over-limit]"


def test_a_directory_with_too_many_members_is_refused(ours, tmp_path):
    data = ours.read_bytes()
    end = data.rindex(b"PK\5\6")
    size, start = struct.unpack_from("<LL", data, end + 12)
    directory = data[start : start + size] * (200_001 // len(members(ours)) + 1)
    path = tmp_path / "many.apkg"
    path.write_bytes(
        data[:start] + directory + data[end : end + 12] + struct.pack("<LL", len(directory), start) + data[end + 20 :]
    )
    assert "files, and 200000 are allowed [package-over-limit]" in error_of(path)


SCHEMAS = {
    "view": (
        "ALTER TABLE notes RENAME TO more",
        "CREATE VIEW notes AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n AS id FROM x",
    ),
    "another view": ("CREATE VIEW other AS SELECT 1",),
    "trigger": ("CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END",),
    "virtual table": ("CREATE VIRTUAL TABLE t USING fts4(x)",),
    "computed column": ("CREATE TABLE t (a, b AS (hex(zeroblob(1000000000))))",),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_that_runs_code_is_refused(name, ours, tmp_path):
    error = error_of(altered(ours, tmp_path / "a.apkg", *SCHEMAS[name]))
    assert "its database " in error and error.endswith("[package-damaged]")


# A change of the database → the message.
WRONG = {
    "UPDATE notes SET guid = x'00ff'": "the guid of a note is not a text",
    "UPDATE notes SET guid = ''": "the guid of a note is empty",
    "UPDATE notes SET tags = x'41'": "is not a text",
    "UPDATE notes SET flds = x'41'": "is not a text",
    "UPDATE notes SET mod = 'soon'": "is not an integer",
    "UPDATE notes SET mod = 1.5": "is not an integer",
    "UPDATE notes SET mod = -1": "is out of range",
    "UPDATE notes SET mod = 9223372036854775807": "is out of range",
    "UPDATE notes SET mid = 'x'": "has no note type",
    "UPDATE cards SET ord = -1": "the ordinal of a card is out of range",
    "UPDATE cards SET ord = 'x'": "the ordinal of a card is not an integer",
    "UPDATE cards SET ord = 65536": "the ordinal of a card is out of range",
    "UPDATE cards SET nid = 'x'": "the note of a card is not an integer",
    "UPDATE cards SET did = x'00'": "the deck of a card is not an integer",
    "UPDATE cards SET ivl = 'x'": "the schedule of a card is not an integer",
    "UPDATE col SET ver = 'x'": "the version of its database is not an integer",
    "DELETE FROM col": "a table of its database is empty",
    "UPDATE col SET models = 5.5": "is damaged",
    "UPDATE col SET models = '[]'": "the list of its note types is not a mapping",
    "UPDATE col SET models = '{\"x\": {}}'": "is damaged",
    "UPDATE col SET models = '{\"1\": []}'": "a note type is not a mapping",
    "UPDATE col SET models = '{\"1\": {}}'": "'name' is missing",
    "UPDATE col SET models = '{\"99999999999999999999\": {}}'": "the id of a note type is out of range",
    "UPDATE col SET models = replace(models, '\"sortf\": 0', '\"sortf\": 99')": "is sorted by a field that it does not have",
    "UPDATE col SET models = replace(models, '\"sortf\": 0', '\"sortf\": -1')": "is sorted by a field that it does not have",
    'UPDATE col SET models = replace(models, \'"css": "\', \'"css": 5, "x": "\')': "is not a text",
    "UPDATE col SET models = replace(models, '\"Front\"', '\"Back\"')": "has two fields of one name",
    "UPDATE col SET models = replace(models, '\"Front\"', '\"\\ud800\"')": "contains half of a character",
    "UPDATE col SET models = replace(models, '\"flds\"', '\"other\"')": "'flds' is missing",
    'UPDATE col SET decks = \'{"1": {"name": 5}}\'': "the name of a deck is not a text",
    'UPDATE col SET decks = \'{"1": {"name": "a", "desc": []}}\'': "is damaged",
    "DROP TABLE cards": "no such table: cards",
}


@pytest.mark.parametrize("statement", WRONG)
def test_values_of_other_types_are_refused(statement, ours, tmp_path):
    error = error_of(altered(ours, tmp_path / "a.apkg", statement))
    assert error.startswith("is damaged: ") and WRONG[statement] in error


# A media map → the message.
MAPS = {
    b"[]": "its media map is not a mapping",
    b"5": "its media map is not a mapping",
    b"{": "is damaged: ",
    b'{"0": 5}': "a name in its media map is not a text",
    b'{"0": "\\ud800"}': "contains half of a character",
    b'{"0": "../a.png"}': "'../a.png' is not the name of a media file",
    b'{"0": "a\\\\b.png"}': "is not the name of a media file",
    b'{"0": ".."}': "is not the name of a media file",
    b"[" * 2**20: "its media map is nested too deeply",
}


@pytest.mark.parametrize("media", MAPS)
def test_a_wrong_media_map_is_refused(media, ours, tmp_path):
    error = error_of(altered(ours, tmp_path / "a.apkg", media=media))
    assert error.startswith("is damaged: ") and MAPS[media] in error


def test_note_types_that_are_nested_without_end_are_refused(ours, tmp_path):
    statement = "UPDATE col SET models = replace(hex(zeroblob(500000)), '0', '[')"
    assert "is nested too deeply" in error_of(altered(ours, tmp_path / "a.apkg", statement))


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (10 * 2**20, "characters, and 16777216 are allowed"),
        (100 * 2**20, "a row of its database has more than 67108864 bytes"),
    ],
    ids=["20 MiB", "200 MiB"],
)
def test_very_long_fields_are_refused(size, message, ours, tmp_path):
    statement = (
        f"UPDATE notes SET flds = replace(hex(zeroblob({size})), '0', '<') WHERE id = (SELECT max(id) FROM notes)"
    )
    error = error_of(altered(ours, tmp_path / "a.apkg", statement))
    assert message in error and error.endswith("[package-over-limit]")


def with_collection(package: Path, path: Path, change: Callable[[bytearray], None]) -> Path:
    """Copy a legacy package and change the bytes of its collection."""
    content = members(package)
    database = bytearray(content["collection.anki2"])
    change(database)
    return packed(path, {**content, "collection.anki2": bytes(database)})


def test_pages_that_yield_the_same_rows_again_are_refused(ours, tmp_path):
    """All pointers of an interior page lead to one leaf. Twenty such levels would make a file of 100 KB endless."""
    rows = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x LIMIT 2000) "
    many = altered(
        ours,
        tmp_path / "many.apkg",
        f"INSERT INTO notes {rows} SELECT 5 + n, 'g' || n, mid, mod, usn, tags, flds, sfld, csum, 0, '' FROM x, notes "
        "WHERE notes.id = (SELECT min(id) FROM notes)",
    )
    connection = sqlite3.connect(":memory:")
    connection.deserialize(members(many)["collection.anki2"])
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'notes'").fetchone()
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()

    def lead_to_one_leaf(database: bytearray) -> None:
        page = (root - 1) * size
        assert database[page] == 5, "the root of the table is an interior page"
        count = struct.unpack_from(">H", database, page + 3)[0]
        cells = [page + struct.unpack_from(">H", database, page + 12 + 2 * n)[0] for n in range(count)]
        for cell in cells[1:]:
            database[cell : cell + 4] = database[cells[0] : cells[0] + 4]

    assert read_package(many).notes
    assert "two of its notes have one id" in error_of(with_collection(many, tmp_path / "a.apkg", lead_to_one_leaf))


def test_a_database_that_takes_too_many_steps_is_refused(ours, tmp_path, monkeypatch):
    monkeypatch.setattr("deckgen.package.database_read.FREE_STEPS", 0)
    monkeypatch.setattr("deckgen.package.database_read.STEPS_PER_BYTE", 0)
    monkeypatch.setattr("deckgen.package.database_read._EVERY", 10)
    assert "takes too long to read" in error_of(ours)


def test_a_member_that_anki_cannot_unpack_is_refused(ours, tmp_path):
    path = tmp_path / "lzma.apkg"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, data in members(ours).items():
            archive.writestr(name, data)
    assert "is compressed in a way that Anki does not read [package-damaged]" in error_of(path)


def test_media_are_read_after_the_package_and_only_those_asked_for(ours):
    package = read_package(ours)
    (media,) = package.media
    assert read_media(package, []) == {} and read_media(package, [media.name]) == {media.name: PIXEL}


def test_the_memory_limit_of_these_tests_is_real():
    """A process with the limit cannot have the memory that the bombs would take."""
    words = [sys.executable, "-c", READ.partition("from pathlib")[0] + "bytes(3 * 10**9)", str(MEMORY)]
    assert "MemoryError" in subprocess.run(words, capture_output=True, text=True).stderr
