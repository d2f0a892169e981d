"""Note files that did not change since the last build. Only the last note of such a file goes through the stages of a build.

The last note represents its file. The rows of the file's notes in the package, and their lines in the lock, are taken as the last build
made them. `keeping.py` decides for which files that is right.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deckgen.cache import Row, key_of
from deckgen.identity.lock import Lock
from deckgen.identity.lock_parts import FileLines, load_part
from deckgen.identity.written_lock import lock_key
from deckgen.package.write import PackageNote
from deckgen.pipeline.caches import KEPT, Caches, kept_name
from deckgen.pipeline.file_task import FileReading, RenderedFile
from deckgen.project import Project
from deckgen.sources import NoteFile, lock_text
from deckgen.stored import packed, unpacked


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What the last build made of a note file.

    `reading` has all problems of reading the file, and only its last note; `rendered` belongs to that note. `notes` are all its notes as
    the package has them. `compared` are the values by which notes are compared with notes of other files.
    """

    reading: FileReading
    rendered: RenderedFile
    notes: tuple[PackageNote, ...]
    compared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines in the lock of the files that can be kept, by their paths inside the deck."""

    files: Mapping[str, FileLines]


class KeptFiles:
    """The files of a deck that can be kept. There are none if the lock is another one than the last build wrote, or if the deck is a translation."""

    def __init__(self, project: Project, caches: Caches):
        self._cache = caches.of(project.root)
        self._caches = caches
        self._text = lock_text(project.root)
        row = self._cache.get(KEPT)
        known = row is not None and row.keys == (lock_key(self._text),) and project.original is None
        self._lines = unpacked(_Lines, row.value).files if row and known else {}

    def __bool__(self) -> bool:
        return bool(self._lines)

    def lock(self, keys: Iterable[str] | None = None) -> tuple[str, Lock]:
        """Return the text of the lock, and the lock with only the last entries of the files with these paths inside the deck.

        Without `keys`, that is done for all files that can be kept.
        """
        return self._text, load_part(self._text, [self._lines[key] for key in (self._lines if keys is None else keys)])

    def find(self, file: NoteFile, content: bytes) -> KeptFile | None:
        """Return what the last build made of a note file, None if the file or its entries have changed."""
        lines = self._lines.get(file.key)
        row = self._cache.get(kept_name(file.key)) if lines else None
        if row is None or lines is None:
            return None
        (key,) = self._caches.keys(file, content, file.settings.remembered)
        return unpacked(KeptFile, row.value) if _key(file, key, self._text, lines) in row.keys else None


def store_kept(
    project: Project,
    made: Sequence[tuple[NoteFile, bytes, KeptFile]],
    kept: Iterable[str],
    text: str,
    lines: Mapping[str, FileLines],
    caches: Caches,
) -> None:
    """Store files that the next build can keep.

    `made` are the new ones with their contents, and `kept` are the paths inside the deck of those that were kept. `lines` are the lines of all
    files in the `text` of the next lock.
    """
    cache = caches.of(project.root)
    for file, content, each in made:
        keys = caches.keys(file, content, each.reading.notes[0].dialect)
        row = Row(tuple(_key(file, key, text, lines[file.key]) for key in keys), packed(each))
        cache.put(kept_name(file.key), row)
    stay = {name: lines[name] for name in (*(file.key for file, _, _ in made), *kept)}
    cache.put(KEPT, Row((lock_key(text),), packed(_Lines(stay))))


def _key(file: NoteFile, key: str, text: str, lines: FileLines) -> str:
    """The key of the row of a kept file: it depends on the file and its settings (`key`), on the lints, and on the file's entries."""
    return key_of(key, json.dumps(file.lint), text[lines.start : lines.stop])
