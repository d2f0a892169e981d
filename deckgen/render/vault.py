"""Finds the file that a wiki link or an embed names, anywhere in the deck's folder, as Obsidian does."""

import os
from pathlib import Path, PurePosixPath
from unicodedata import normalize

_NOTE = ".md"


class Vault:
    """The files of a folder by their names, without hidden files and folders. The folder is read at the first question."""

    def __init__(self, root: Path):
        self._root = root
        self._files: dict[str, list[PurePosixPath]] | None = None

    def find(self, name: str, page: str) -> list[PurePosixPath]:
        """The files that `name` may mean in the note file `page`, the best first; both are relative to the folder, with `/`.

        A name matches the end of a path, without regard to case. The order is: the path from the folder of the deck, a file next
        to the page, the file that shares most folders with the page, the shortest path, the alphabet.
        """
        wanted = _key(name.strip("/"))
        parts = wanted.split("/")
        named = self._by_name().get(parts[-1], []) if wanted else []
        found = [path for path in named if _key(str(path)).split("/")[-len(parts) :] == parts]
        here = PurePosixPath(page).parent
        return sorted(found, key=lambda path: _rank(path, wanted, here))

    def find_page(self, name: str, page: str) -> list[PurePosixPath]:
        """The note files that a link may mean: their names are given without `.md`."""
        return self.find(name if name.lower().endswith(_NOTE) else name + _NOTE, page)

    def _by_name(self) -> dict[str, list[PurePosixPath]]:
        if self._files is None:
            self._files = {}
            for path in _files_below(self._root):
                self._files.setdefault(_key(path.name), []).append(path)
        return self._files


def _files_below(root: Path) -> list[PurePosixPath]:
    found: list[PurePosixPath] = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = PurePosixPath(Path(folder).relative_to(root).as_posix())
        found += [inside / name for name in sorted(files) if not name.startswith(".")]
    return found


def _rank(path: PurePosixPath, wanted: str, here: PurePosixPath) -> tuple[bool, bool, int, int, str]:
    common = os.path.commonpath([here, path.parent]) if here.parts and path.parent.parts else ""
    shared = len(PurePosixPath(common).parts)
    return _key(str(path)) != wanted, path.parent != here, -shared, len(path.parts), str(path)


def _key(name: str) -> str:
    """A name in the form in which names are compared."""
    return normalize("NFC", name).casefold()
