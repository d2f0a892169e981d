"""Find the note files of a folder, and the links to folders, which are not followed."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path

from deckgen.problems import DeckError, Problem, Severity

_NOTES = "*.md"
_NO_FILES = "write one, or name the folder that has them; deckgen init --example first writes an example deck"
# Folders of a linked folder that are searched for notes. A link may go to a whole disk.
_SEARCHED = 1000


def note_files(folder: Path) -> list[Path]:
    """Return the Markdown files below a folder in reading order: by path, with numbers sorted by value.

    A folder is no note file, whatever its name is. Files in hidden folders are left out, and links to folders are not followed. Raises DeckError if there are no files, or if
    the name of a file is not UTF-8. A package cannot contain such a name.
    """
    found = [
        place / name
        for place, _, files in _walk(folder)
        for name in files
        if fnmatch(name, _NOTES) and not name.startswith(".")
    ]
    for path in found:
        if str(path) != str(path).encode("utf-8", "replace").decode():
            shown = str(path).encode("utf-8", "replace").decode()
            raise DeckError.at(shown, "the name of the file is not UTF-8", code="file-encoding", hint="rename it")
    if not found:
        raise DeckError.at(str(folder), "no note files (*.md) in this folder", code="deck-empty", hint=_NO_FILES)
    return sorted(found, key=lambda path: natural_sort_key(path.relative_to(folder)))


def linked_folders(folder: Path) -> list[Path]:
    """Return the symbolic links below a folder that go to a folder outside of it and are not hidden, sorted."""
    home = folder.resolve()
    links = (place / name for place, folders, _ in _walk(folder) for name in folders if (place / name).is_symlink())
    return sorted(link for link in links if not link.resolve().is_relative_to(home))


def require_no_linked_notes(links: Iterable[Path]) -> None:
    """Do nothing if there are no notes behind links to folders. Such notes are not read, so the build would retire them.

    Raises DeckError if there are.
    """
    problems = [
        Problem(
            str(link),
            0,
            0,
            Severity.ERROR,
            "file-link",
            "is a link to a folder with notes, which are not read",
            "move the notes into the deck, or name the link in exclude in deck.toml",
        )
        for link in links
        if any(fnmatch(name, _NOTES) for _, _, files in islice(_walk(link), _SEARCHED) for name in files)
    ]
    if problems:
        raise DeckError(problems)


def require_regular(path: Path, file: str) -> None:
    """Do nothing if a path is a file or a folder. `file` is the path in problems.

    Raises DeckError if it is a pipe, a socket or a device: reading it could wait for ever. Raises OSError if there is nothing.
    """
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DeckError.at(
            file, "cannot be read: it is not a file, but a pipe, a socket or a device", code="file-unreadable"
        )


def _walk(folder: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield each folder below a folder, with the names of its folders and files. Hidden folders are left out."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield Path(place), folders, files


def natural_sort_key(path: Path) -> list[list[tuple[int, int, str]]]:
    """Return a sort key that puts `2-x.md` before `10-x.md`, folder by folder."""
    return [
        [(0, int(piece), piece) if piece.isdecimal() else (1, 0, piece) for piece in re.split(r"(\d+)", part)]
        for part in path.parts
    ]
