"""Wait for changes of the files of a deck."""

from collections.abc import Iterator
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.project import Project

_QUIET = 100  # milliseconds without a change after which a save is complete
_START = 200  # milliseconds to wait for a change


def saves(project: Project, out: Path) -> Iterator[None]:
    """Yield at once, and after each change of a file of the deck: notes, media, figures, note types. What a build writes does not count.

    `out` is the folder for packages. It ends with the process, or with KeyboardInterrupt.
    """
    folders = [project.root, project.root / project.figures, *project.media_folders]
    written = _Written(project.root / LOCK_FILE, out)
    found = watch(
        *(folder for folder in folders if folder.is_dir()),
        watch_filter=written,
        step=_QUIET,
        rust_timeout=_START,
        yield_on_timeout=True,
    )
    # The first value says that the watch has begun, so no save during the first push is lost.
    for n, changes in enumerate(found):
        if changes or not n:
            yield


class _Written(DefaultFilter):
    """Leaves out the lock, the folder for packages, and what editors and git write."""

    def __init__(self, lock: Path, out: Path):
        super().__init__(ignore_paths=[str(out.resolve())])
        self._lock = lock.name

    def __call__(self, change: Change, path: str) -> bool:
        return Path(path).name != self._lock and super().__call__(change, path)
