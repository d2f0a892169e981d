"""Write the example deck: a small folder of notes with one of everything."""

from collections.abc import Iterator
from pathlib import Path

from deckgen.files import write_all
from deckgen.problems import DeckError

_EXAMPLE = Path(__file__).parent / "example"


def write_example(folder: Path) -> tuple[str, ...]:
    """Write the notes, figures and pictures of the example into a folder, and return their paths as the user would write them.

    The folder is made if it does not exist. Raises DeckError if it has other files, and OSError if a file cannot be written.
    """
    contents = {folder / name: (_EXAMPLE / name).read_bytes() for name in _names()}
    _check_empty(folder, contents)
    for path in contents:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_all(contents)
    return tuple(map(str, contents))


def _names() -> Iterator[Path]:
    """The paths of the example's files in its folder, sorted. Python may have compiled a figure there."""
    for path in sorted(_EXAMPLE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(_EXAMPLE)


def _check_empty(folder: Path, contents: dict[Path, bytes]) -> None:
    """Raise DeckError if the folder has a file that is not of the example. Files of git and other hidden files may be there.

    Files of the example may be there if they were not changed: an interrupted command can be run again.
    """
    if folder.exists() and not folder.is_dir():
        raise DeckError.at(str(folder), "is not a folder", code="folder-used", hint="name a new folder")
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and contents.get(path) != path.read_bytes():
            raise DeckError.at(
                str(path), "is there already", code="folder-used", hint="name a new folder for the example"
            )
