"""Only one process at a time changes the files of a deck: its lock, its frozen pictures and its packages.

Without that, two builds could read the same lock, and give two different texts the same time of change. Anki would ignore one of them.
The library filelock is used because it also works on Windows, and because the system frees its locks if a process is killed.
The file that it locks is in the folder for temporary files: the folder of the deck may be read-only, and git would show the file.
"""

import getpass
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from deckgen.problems import DeckError
from deckgen.renames import finish_renames

_WAIT = 5.0  # seconds; a build of some hundred notes takes about as long


@contextmanager
def only_this_process(root: Path, wait: float = _WAIT) -> Iterator[None]:
    """Let no other process of this user change the deck in the folder `root` during the block.

    If another process does so, wait up to `wait` seconds for its end. Raises DeckError if it takes longer. What a killed process has begun is
    finished before the block: see `renames`.
    Processes on other machines and of other users are not excluded.
    """
    lock = FileLock(_file_of(root), timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise DeckError.at(
            str(root),
            "another deckgen is changing this deck",
            code="deck-busy",
            hint="run the command again when it is done",
        ) from None
    try:
        finish_renames(root)
        yield
    finally:
        lock.release()


def _file_of(root: Path) -> Path:
    """The file that is locked for a deck. Each user has a folder of their own."""
    # Windows has no user ids. In a container, a user id may have no name.
    user = os.getuid() if hasattr(os, "getuid") else getpass.getuser()
    folder = Path(tempfile.gettempdir()) / f"deckgen-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = hashlib.sha256(os.path.normcase(os.path.realpath(root)).encode("utf-8", "surrogateescape")).hexdigest()
    return folder / f"{name[:32]}.lock"
