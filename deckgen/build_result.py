"""The summary of a build, and the notes that it changes. This module imports nothing that is slow to import."""

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from deckgen.problems import Problem

SCREENFUL = 20
"""The number of notes that a message names at most: about as many as a screen has lines."""


class Change(StrEnum):
    """What happened to a note.

    RECORDED: the package does not change, but the lock does: the note has another file or another source.
    """

    RETIRED = "retired"
    CHANGED = "changed"
    ADDED = "added"
    RECORDED = "recorded"


class Reason(StrEnum):
    """Why a note differs from the last build. A note has no reason if the lock does not know what differs.

    TEXT: the author's text changed. SECTION and TAGS: they changed in the note, in front matter or in a heading above.
    FIGURE: a computed picture changed. MEDIA: another media file changed. FILE: the note is in another file.
    BACK: the note was retired and is active again. RENDERING: the fields changed, but none of these inputs did.
    The cause is then deckgen, `deck.toml` or white space.
    """

    TEXT = "text"
    SECTION = "section"
    TAGS = "tags"
    FIGURE = "figure"
    MEDIA = "media"
    RENDERING = "rendering"
    FILE = "file"
    BACK = "back"


class EntryChange(Struct, frozen=True):
    """A note that a build changes.

    `file` is the path that problems show, and `line` is 1-based. For a retired note `file` is the path inside the deck, and `line` is 0.
    """

    change: Change
    guid: str
    file: str
    line: int
    question: str
    reasons: tuple[Reason, ...] = ()

    @property
    def place(self) -> str:
        """`file:line`, or only the file for a retired note."""
        return f"{self.file}:{self.line}" if self.line else self.file


class BuildResult(Struct, frozen=True):
    """The summary of a build. `size` is the size of the package in bytes.

    `notes`, `cards` and `media` count what the package contains. `added`, `changed`, `unchanged` and `retired` count notes
    compared with the lock. `changes` are the notes that were added, changed or retired. `looks` are the note types whose
    templates or CSS changed.
    """

    package: Path
    version: str
    size: int
    notes: int
    cards: int
    media: int
    added: int
    changed: int
    unchanged: int
    retired: int
    changes: tuple[EntryChange, ...]
    looks: tuple[str, ...]
    problems: tuple[Problem, ...]
