"""Write files atomically: under a temporary name, synced, then renamed. A crash leaves the old file or the new one."""

import glob
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def staged(path: Path) -> Iterator[BinaryIO]:
    """Yield a binary file. It is renamed to `path` at the end of the block, or removed if the block raises."""
    with prepared(path) as (file, commit):
        yield file
        commit()


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8 and keep its line ends. Raises OSError if that fails; then the old file is unchanged."""
    with staged(path) as file:
        file.write(text.encode())


@contextmanager
def prepared(path: Path) -> Iterator[tuple[BinaryIO, "Commit"]]:
    """Yield a binary file, and a function that syncs it and renames it to `path`.

    So several files can be written completely before the first is renamed. If the function is not called, the file is
    removed at the end of the block. Raises OSError, with `path` as its file name, if the file cannot be written.
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
    """Return the temporary files of `path` that killed processes left behind."""
    return sorted(path.parent.glob(f".{glob.escape(path.name)}.*.tmp"))


@contextmanager
def staged_folder(path: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """Yield an empty temporary folder, and a function that syncs its files and renames it to `path`.

    The function replaces a folder that is at `path`. If it is not called, the temporary folder is removed at the end of the
    block. A temporary folder of a killed process is removed at the next call.
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
    """Sync and rename a file. `sync` may be called earlier, so that a full disk is found before any file is renamed."""

    def __init__(self, file: BinaryIO, temporary: Path, path: Path):
        self._file = file
        self._temporary = temporary
        self._path = path

    def sync(self) -> None:
        """Write the content of the file to disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def __call__(self) -> None:
        self.sync()
        # Windows cannot rename an open file.
        self._file.close()
        os.replace(self._temporary, self._path)
        _sync_folder(self._path.parent)


def _sync(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Write the renaming itself to disk. Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
