"""The files that a figure declares, where its code finds them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deckgen.figures.sources import DataFile

_files: dict[str, Path] = {}


def data_path(name: str) -> Path:
    """Where the declared data file `name` can be read while the figure is computed.

    `name` is written as in `@figure(data=[…])`. LookupError for a file that the figure does not declare.
    """
    if name not in _files:
        declared = ", ".join(_files) or "none"
        raise LookupError(
            f'{name} is not among the data files of the figure ({declared}): @figure(alt="…", data=["{name}"])'
        )
    return _files[name]


@contextmanager
def data_in(folder: Path, files: Iterable[DataFile]) -> Iterator[None]:
    """Inside, the files stand in the folder and `data_path` finds them."""
    for file in files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        _files[file.name] = path
    try:
        yield
    finally:
        _files.clear()
