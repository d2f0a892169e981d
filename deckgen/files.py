"""Write files atomically: under a temporary name, synced, then renamed. A crash leaves the old file or the new one.

All files that deckgen keeps are written here.
"""

import glob
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def staged(path: Path) -> Iterator[BinaryIO]:
    """A binary file that is renamed to `path` at the end of the block, or removed if the block raises. Raises OSError."""
    with prepared(path) as (file, commit):
        yield file
        commit()


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, without changing its line ends. Raises OSError if it fails; then the old file is unchanged."""
    with staged(path) as file:
        file.write(text.encode())


@contextmanager
def prepared(path: Path) -> Iterator[tuple[BinaryIO, "Commit"]]:
    """A binary file, and a function that syncs it and renames it to `path`.

    If the function is not called, the file is removed at the end of the block. If `path` is a symbolic link, its target is
    written, and the link stays. Temporary files that killed processes left are removed. Raises OSError with `path` as its file name.
    """
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with _removed_later(temporary), open(temporary, "wb") as file:
            for left in leftovers(target):
                _remove_leftover(left)
            yield file, Commit(file, temporary, target)
    except OSError as error:
        if error.filename in (None, str(temporary), temporary, str(target)):
            error.filename = str(path)
        raise


@contextmanager
def _removed_later(path: Path) -> Iterator[None]:
    """Remove a file after the block. A read-only folder or a full disk must not hide the error of the block."""
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


def _remove_leftover(path: Path) -> None:
    """Remove a temporary file if the process that wrote it is gone. Windows refuses to remove a file that is open."""
    process = path.name.split(".")[-2]
    if process.isdecimal() and (os.name == "nt" or not _is_running(int(process))):
        with suppress(OSError):
            path.unlink()


def _is_running(process: int) -> bool:
    """Whether a process with this id is running. A process of another user is one too."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def write_all(
    contents: Mapping[Path, bytes | Callable[[BinaryIO], object]],
    recorded: Callable[[Sequence["Commit"]], AbstractContextManager[None]] = lambda _: nullcontext(),
) -> None:
    """Write several files, then rename them to their paths, in the order of `contents`.

    A content is bytes, or a function that writes to an open binary file. All files are synced before the first is renamed. The files are renamed
    in the block of `recorded`. Raises OSError if a file cannot be written; then no file is changed.
    """
    with ExitStack() as stack:
        commits = []
        for path, content in contents.items():
            file, commit = stack.enter_context(prepared(path))
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            commit.sync()
            commits.append(commit)
        with recorded(commits):
            for commit in commits:
                commit()


def leftovers(path: Path) -> list[Path]:
    """The temporary files of `path` that killed processes left, sorted."""
    return sorted(path.parent.glob(f".{glob.escape(path.name)}.*.tmp"))


@contextmanager
def staged_folder(path: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """An empty folder next to `path`, and a function that syncs its files and renames it to `path`. A folder at `path` is replaced.

    If the function is not called, the folder is removed at the end of the block. The next call removes a folder that a killed process left. An
    OSError of the block has the name that the file would have had in `path`.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
    except OSError as error:
        error.filename = str(path)
        raise

    def replace_folder() -> None:
        for file in sorted(temporary.rglob("*")):
            (sync_folder if file.is_dir() else _sync)(file)
        sync_folder(temporary)
        if path.exists():
            shutil.rmtree(path)
        os.replace(temporary, path)
        sync_folder(path.parent)

    try:
        yield temporary, replace_folder
    except OSError as error:
        if isinstance(error.filename, str | Path) and Path(error.filename).is_relative_to(temporary):
            error.filename = str(path / Path(error.filename).relative_to(temporary))
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


class Commit:
    """A function that syncs a file and renames it from `temporary` to `path`. `sync` can be called earlier, to find a full disk before any file is renamed."""

    def __init__(self, file: BinaryIO, temporary: Path, path: Path):
        self._file = file
        self.temporary = temporary
        self.path = path

    def sync(self) -> None:
        """Write the file to the disk. Raises OSError."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def __call__(self) -> None:
        self.sync()
        # Windows cannot rename an open file.
        self._file.close()
        os.replace(self.temporary, self.path)
        sync_folder(self.path.parent)


def _sync(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Write the names of a folder to the disk, so that a rename survives a power failure. Windows has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
