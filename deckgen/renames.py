"""Renames of several files that belong together: if a process is killed between two of them, the next command finishes them.

A note that was made in Anki is in a note file and in the lock. With only one of them, it would be written a second time, or get a second guid.
So the renames are stored in a file of the deck's folder before the first one.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import astuple

from deckgen.files import Commit, sync_folder, write_all, write_text
from deckgen.problems import DeckError, Problem, Severity

JOURNAL = ".deckgen-renames.json"
"""The name of the file in the deck's folder. It exists while files are renamed."""


class _Rename(Struct, frozen=True):
    """A rename, and the digests of the file before and after it. The digest of a file that does not exist is ""."""

    temporary: str
    path: str
    before: str
    after: str

    @property
    def is_done(self) -> bool:
        return _digest(Path(self.path)) == self.after

    @property
    def is_possible(self) -> bool:
        """Whether the file is as it was before or after the rename. Nobody else has changed it."""
        unchanged = _digest(Path(self.path)) == self.before and _digest(Path(self.temporary)) == self.after
        return self.is_done or unchanged


def write_together(root: Path, contents: Mapping[Path, bytes]) -> None:
    """Write files of the deck in the folder `root`. Raises OSError if one cannot be written; then no file is changed."""
    write_all(contents, partial(_recorded, root / JOURNAL))


def finish_renames(root: Path) -> None:
    """Finish what a killed process has begun in the deck in the folder `root`. Raises OSError if a file cannot be renamed.

    If somebody has changed one of the files since, nothing more is renamed: their text must not be lost.
    Raises DeckError if that is so. The next call does nothing.
    """
    journal = root / JOURNAL
    if not journal.is_file():
        return
    renames = _stored(journal)
    changed = [each for each in renames if not each.is_possible]
    unwritten = [each for each in renames if not each.is_done]
    for each in renames:
        temporary = Path(each.temporary)
        if not changed and temporary.exists():
            os.replace(temporary, each.path)
            sync_folder(temporary.parent)
        temporary.unlink(missing_ok=True)
    journal.unlink()
    if changed:
        raise DeckError(_dropped(root, each, unwritten) for each in changed)


def _dropped(root: Path, changed: _Rename, unwritten: Sequence[_Rename]) -> Problem:
    """The problem of a file that was changed after a pull was killed. `unwritten` are the files that do not have what the pull found."""
    others = ", ".join(_shown(root, each) for each in unwritten if each != changed)
    message = "was changed after a pull was interrupted, so that pull was not finished"
    return Problem(
        _shown(root, changed),
        0,
        0,
        Severity.ERROR,
        "pull-interrupted",
        message + (f"; without its edits: {others}" if others else ""),
        "run deckgen pull again; if a new note is then in a file twice, delete one of the two",
    )


def _shown(root: Path, rename: _Rename) -> str:
    """The path of a file of the deck as problems show it."""
    return str(root / os.path.relpath(rename.path, root))


@contextmanager
def _recorded(journal: Path, commits: Sequence[Commit]) -> Iterator[None]:
    """Store renames in a file during the block."""
    renames = [
        _Rename(
            os.path.abspath(each.temporary), os.path.abspath(each.path), _digest(each.path), _digest(each.temporary)
        )
        for each in commits
    ]
    write_text(journal, json.dumps([astuple(each) for each in renames]))
    try:
        yield
    finally:
        journal.unlink()


def _stored(journal: Path) -> list[_Rename]:
    """The renames of a journal, none if deckgen did not write it."""
    try:
        rows = json.loads(journal.read_bytes())
        renames = [_Rename(temporary, path, before, after) for temporary, path, before, after in rows]
        return renames if all(map(_is_ours, renames)) else []
    except (ValueError, TypeError, RecursionError):
        return []


def _is_ours(rename: _Rename) -> bool:
    """Whether a file gets the content of one of deckgen's temporary files next to it. Raises ValueError if a name cannot be encoded."""
    if b"\0" in os.fsencode(rename.path):
        return False
    folder, name = os.path.split(rename.path)
    other, temporary = os.path.split(rename.temporary)
    return folder == other and re.fullmatch(rf"\.{re.escape(name)}\.\d+\.tmp", temporary) is not None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
