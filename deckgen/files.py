"""Writing files whole: under another name first, synced, then renamed. A crash leaves the old file or the new one."""

import glob
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def staged(path: Path) -> Iterator[BinaryIO]:
    """A binary file that becomes `path` when the block ends well, and vanishes when it does not."""
    with prepared(path) as (file, commit):
        yield file
        commit()


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8 with its line ends as they are. Raises OSError; then the old file is still there."""
    with staged(path) as file:
        file.write(text.encode())


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


def leftover_files(path: Path) -> list[Path]:
    """What processes that were killed left beside a file that they were about to write."""
    return sorted(path.parent.glob(f".{glob.escape(path.name)}.*.tmp"))


@contextmanager
def staged_folder(path: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """An empty folder beside `path`, and the call that syncs what was put into it and renames it to `path`, in place of a folder there.

    What the call was not made for vanishes with the block; what a killed process left behind, with the next.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)

    def commit() -> None:
        for file in temporary.iterdir():
            _sync(file)
        _sync_folder(temporary)
        if path.exists():
            shutil.rmtree(path)
        os.replace(temporary, path)
        _sync_folder(path.parent)

    try:
        yield temporary, commit
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


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


def _sync(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself last; Windows has no such call, and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
