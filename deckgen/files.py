"""Writing files whole: under another name first, synced, then renamed. A crash leaves the old file or the new one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def staged(path: Path) -> Iterator[BinaryIO]:
    """A binary file that becomes `path` when the block ends well, and vanishes when it does not."""
    with prepared(path) as (file, commit):
        yield file
        commit()


@contextmanager
def prepared(path: Path) -> Iterator[tuple[BinaryIO, "Commit"]]:
    """A binary file and the call that syncs it and renames it to `path`: for writing several files, then taking all.

    What the call was not made for vanishes with the block. Raises OSError with the path the user knows.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            yield file, Commit(file, temporary, path)
    except OSError as error:
        if error.filename in (None, str(temporary), temporary):
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)


class Commit:
    """Called: sync and rename. `sync` may be called earlier, so that a full disk is known before anything is renamed."""

    def __init__(self, file: BinaryIO, temporary: Path, path: Path):
        self._file = file
        self._temporary = temporary
        self._path = path

    def sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def __call__(self) -> None:
        self.sync()
        self._file.close()  # Windows renames no open file.
        os.replace(self._temporary, self._path)
        _sync_folder(self._path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself last; Windows has no such call, and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
