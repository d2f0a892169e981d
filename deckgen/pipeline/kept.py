"""Note files that did not change since the last build. Only the last note of such a file goes through the stages of a build.

The last note represents its file. The rows of the file's notes are copied from the collection of the last package, and their lines in the
lock are taken as the last build made them. `keeping.py` decides for which files that is right.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from deckgen.cache import Row, deck_cache, key_of
from deckgen.identity.lock import Lock
from deckgen.identity.lock_parts import FileLines, load_part
from deckgen.identity.written_lock import lock_key
from deckgen.last_build import Snapshot, sha256_of
from deckgen.package.archive import Compressed, uncompressed
from deckgen.package.former import FormerGroup, FormerPackage
from deckgen.package.groups import NoteGroup, Place
from deckgen.pipeline.caches import COLLECTION, KEPT, Caches, kept_name
from deckgen.pipeline.file_task import FileReading, RenderedFile
from deckgen.project import Project
from deckgen.sources import NoteFile, lock_content
from deckgen.stored import packed, unpacked


class KeptFile(Struct, frozen=True):
    """What the last build made of a note file.

    `reading` has all problems of reading the file, and only its last note; `rendered` belongs to that note. `group` describes all its notes as
    the package has them, and `guids` are theirs. `compared` are the values by which notes are compared with notes of other files.
    """

    reading: FileReading
    rendered: RenderedFile
    group: NoteGroup
    guids: tuple[str, ...]
    compared: tuple[str, ...]


class KeptPlace(Struct, frozen=True):
    """Where the notes of a file are in the lock and in the collection of the last build."""

    lines: FileLines
    place: Place


class _Places(Struct, frozen=True):
    """The places of the files that can be kept, by their paths inside the deck."""

    files: Mapping[str, KeptPlace]


class KeptFiles:
    """The files of a deck that can be kept.

    There are none if the lock is another one than the last build wrote, if the collection of its package is not in the cache, or if the deck is
    a translation. `old_lock` is the content of the lock. `digests` are the SHA-256 of files by their absolute paths; other files are read.
    """

    def __init__(self, project: Project, caches: Caches, digests: Snapshot):
        self._digests = digests
        self._cache = caches.of(project.root)
        self._caches = caches
        self._places: Mapping[str, KeptPlace] = {}
        self.old_lock = lock_content(project.root)
        row = self._cache.get(KEPT)
        if row is None or row.keys != (lock_key(self.old_lock),) or project.original is not None:
            return
        collection = self._cache.get(COLLECTION)
        if collection is not None and collection.keys == (key_of(row.value),):
            self._places = unpacked(_Places, row.value).files
            self._rows = self._cache.get_all(kept_name(""))
            # libdeflate works while this thread reads and renders what changed.
            threads = ThreadPoolExecutor(1)
            self._collection = threads.submit(uncompressed, Compressed.from_bytes(collection.value))
            threads.shutdown(wait=False)

    def __bool__(self) -> bool:
        return bool(self._places)

    def lock(self, keys: Iterable[str] | None = None) -> Lock:
        """Return the lock with only the last entries of the files with these paths inside the deck.

        Without `keys`, that is done for all files that can be kept.
        """
        places = self._places.values() if keys is None else [self._places[key] for key in keys]
        return load_part(self.old_lock, [each.lines for each in places])

    def find(self, file: NoteFile) -> KeptFile | None:
        """Return what the last build made of a note file, None if the file or its entries have changed."""
        place = self._places.get(file.key)
        row = self._rows.get(kept_name(file.key)) if place else None
        if row is None or place is None:
            return None
        digest = self._digests.get(os.path.abspath(file.path)) or sha256_of(file.path)
        (key,) = self._caches.keys(file, digest, file.settings.remembered)
        return unpacked(KeptFile, row.value) if _key(file, key, self.old_lock, place.lines) in row.keys else None

    def former(self, files: Mapping[str, KeptFile]) -> FormerPackage:
        """Return the last package, with the groups of the files that are kept, by their paths inside the deck."""
        groups = {file.guids[-1]: FormerGroup(file.group, self._places[key].place) for key, file in files.items()}
        return FormerPackage(self._collection.result, groups)


def store_kept(
    project: Project,
    made: Sequence[tuple[NoteFile, str, KeptFile]],
    places: Mapping[str, KeptPlace],
    lock: bytes,
    caches: Caches,
) -> str:
    """Store files that the next build can keep, and return the key of the collection that it needs for that.

    `made` are the new ones with the SHA-256 of their contents. `places` are those of all files that can be kept, and `lock` is the content of the next lock.
    """
    cache = caches.of(project.root)
    for file, digest, each in made:
        keys = caches.keys(file, digest, each.reading.notes[0].dialect)
        row = Row(tuple(_key(file, key, lock, places[file.key].lines) for key in keys), packed(each))
        cache.put(kept_name(file.key), row)
    value = packed(_Places(places))
    cache.put(KEPT, Row((lock_key(lock),), value))
    return key_of(value)


def store_collection(root: Path, key: str, collection: Future[Compressed]) -> None:
    """Store the collection of a package in the cache of the deck in the folder `root`.

    `store_kept` returned its key: the places of rows belong to one collection, and are right only for the lock of the same build.
    """
    with deck_cache(root) as cache:
        cache.put(COLLECTION, Row((key,), collection.result().to_bytes()))
        cache.save()


def _key(file: NoteFile, key: str, lock: bytes, lines: FileLines) -> str:
    """The key of the row of a kept file: it depends on the file and its settings (`key`), on the lints, and on the file's entries."""
    return key_of(key, json.dumps(file.lint), lock[lines.start : lines.stop])
