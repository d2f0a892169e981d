"""Measure how long writing a package takes, as a ratio to the bare cost: the same rows by `executemany`, and the same compression.

The argument is the number of notes (10,000 by default). The exit status is 1 if the ratio is above 2.
"""

import io
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import deflate
from make_notes import make_notes

from deckgen.notetypes import built_in
from deckgen.package.archive import RELEASE_LEVEL
from deckgen.package.write import PackageDeck, PackageNote, packed_collection, write_package
from deckgen.parse import parse_file
from deckgen.parse.meta import Settings

BOUND = 2.0
RUNS = 5
TABLES = ("notes", "cards")


def package_of(count: int) -> PackageDeck:
    """Return a package of notes whose fields are their Markdown source, which is about as long as the HTML."""
    with tempfile.TemporaryDirectory() as home:
        make_notes(Path(home) / "deck", count)
        files = sorted((Path(home) / "deck").glob("*.md"))
        notes = [note for path in files for note in parse_file(path, path.name, path.name, Settings()).notes]
    names = built_in()["basic"].field_names
    packed = tuple(
        PackageNote(
            f"guid{n}",
            "basic",
            (note.question.source, note.answer.source, *[""] * (len(names) - 2)),
            (),
            "Deck",
            1_700_000_000,
            (0,),
        )
        for n, note in enumerate(notes)
    )
    return PackageDeck("0123456789abcdef", "Deck", "", packed, (), {"basic": 1_700_000_000}, built_in())


def write(file: io.BytesIO, deck: PackageDeck) -> None:
    """Write the package as a release."""
    write_package(file, deck, packed_collection(deck, release=True))


def seconds(run: Callable[[], object]) -> float:
    """The least processor seconds of some runs."""
    times = []
    for _ in range(RUNS):
        begun = time.process_time()
        run()
        times.append(time.process_time() - begun)
    return min(times)


def bare(collection: bytes) -> Callable[[], object]:
    """Return a function that writes the rows of a collection into a new database, and compresses it."""
    source = sqlite3.connect(":memory:")
    source.deserialize(collection)
    schema = [sql for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")]
    rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}

    def write() -> object:
        with sqlite3.connect(":memory:") as database:
            for sql in schema:
                database.execute(sql)
            for table, values in rows.items():
                marks = ", ".join("?" * len(values[0]))
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
        return deflate.deflate_compress(database.serialize(), RELEASE_LEVEL)

    return write


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    deck = package_of(count)
    file = io.BytesIO()
    write(file, deck)
    least = seconds(bare(zipfile.ZipFile(file).read("collection.anki2")))
    ours = seconds(lambda: write(io.BytesIO(), deck))
    print(f"package of {count:,} notes: {ours:.2f} s, bare {least:.2f} s, ratio {ours / least:.2f}, bound {BOUND}")
    if ours / least > BOUND:
        sys.exit("beyond the bounds")


if __name__ == "__main__":
    main()
