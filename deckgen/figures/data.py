"""Gives a figure the data files that it declares."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deckgen.figures.sources import DataFile
from deckgen.files import staged

_files: dict[str, Path] = {}


def data_path(name: str) -> Path:
    """Return the path of the declared data file `name` while the figure is computed.

    `name` is the path in `@figure(data=[…])`. Raises LookupError if the figure does not declare the file.
    """
    if name not in _files:
        declared = ", ".join(_files) or "none"
        raise LookupError(
            f'{name} is not a data file of the figure (declared: {declared}); declare it: @figure(alt="…", data=["{name}"])'
        )
    return _files[name]


@contextmanager
def provide_data(folder: Path, files: Iterable[DataFile]) -> Iterator[None]:
    """Write the files into the folder and make `data_path` find them inside the block."""
    for file in files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with staged(path) as out:
            out.write(file.content)
        _files[file.name] = path
    try:
        yield
    finally:
        _files.clear()
