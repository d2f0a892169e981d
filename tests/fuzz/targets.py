"""What is fuzzed. Each target takes any bytes. It must raise nothing: a DeckError is the right answer to bad input."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from packages import packed

from deckgen.identity.lock import dump_lock, load_lock
from deckgen.package.media_map import media_names
from deckgen.package.read import read_package
from deckgen.parse.document import document_of
from deckgen.problems import DeckError
from deckgen.scan import scan
from deckgen.to_markdown.convert import Form, markdown_of

_FOLDER = tempfile.TemporaryDirectory()


def scanner(data: bytes) -> None:
    """The spans of a text are in order and inside the text."""
    source = data.decode(errors="replace")
    end = 0
    for span in scan(source, front_matter=True).spans:
        assert end <= span.start < span.end <= len(source), span
        end = span.end


def front_matter(data: bytes) -> None:
    """Front matter of any kind is read, or is a problem with a place."""
    mark = b"+++" if data[:1] == b"+" else b"---"
    with suppress(DeckError):
        assert document_of(mark + b"\n" + data + b"\n" + mark + b"\n\n## What?\n\nThat.\n", "a.md", "a.md").lines


def lock(data: bytes) -> None:
    """A lock that is read is the same after it was written and read again."""
    with suppress(DeckError):
        read = load_lock(data.decode(errors="replace"), "deck.lock")
        assert load_lock(dump_lock(read), "deck.lock") == read


def collection(data: bytes) -> None:
    """A package with any bytes as its database is read, or is a problem."""
    path = packed(Path(_FOLDER.name, "a.apkg"), {"collection.anki2": data})
    with suppress(DeckError):
        for note in read_package(path).notes:
            assert len(note.fields) == len(note.notetype.fields) and note.guid


def media_map(data: bytes) -> None:
    """A media map of both formats is read, or is a ValueError, which the reader makes a problem."""
    for current in (False, True):
        with suppress(ValueError):
            assert not any("/" in name for _, name in media_names(data, current))


def html(data: bytes) -> None:
    """Any HTML becomes Markdown."""
    for form in Form:
        markdown_of(data.decode(errors="replace"), form)


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (scanner, front_matter, lock, collection, media_map, html)
}
