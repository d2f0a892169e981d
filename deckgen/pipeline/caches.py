"""The caches of the decks that a command reads: which rows a note file has in them, and when these are still right."""

import hashlib
import json
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from msgspec.structs import replace

from deckgen.cache import Cache, Row, deck_cache, key_of
from deckgen.identity.written_lock import NAME as LOCK
from deckgen.last_build import NAME as BUILD
from deckgen.notetypes import NoteTypes
from deckgen.parse.meta import Settings
from deckgen.pipeline.file_task import FileResult, FileTask
from deckgen.project import FILE
from deckgen.render.options import RenderOptions
from deckgen.sources import NoteFile
from deckgen.stored import key_text

_NO_TYPES = NoteTypes({})


class Caches:
    """The caches of some decks. Each is opened when it is first used. A folder without deck.toml has none."""

    def __init__(self) -> None:
        self._by_root: dict[Path, Cache] = {}
        self._open = ExitStack()
        self._types: list[tuple[NoteTypes, str]] = []
        self._last_settings: tuple[Settings, str] | None = None
        self._last_options: tuple[RenderOptions, str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def of(self, root: Path) -> Cache:
        """Return the cache of the deck in a folder."""
        if root not in self._by_root:
            cache = deck_cache(root) if (root / FILE).is_file() else Cache(None)
            self._by_root[root] = self._open.enter_context(cache)
        return self._by_root[root]

    def save(self, files: Collection[NoteFile] | None = None) -> None:
        """Write what is new. With `files`, which are all note files of the decks, remove what belongs to other files."""
        for root, cache in self._by_root.items():
            if files is None:
                cache.save()
            else:
                own = {
                    BUILD,
                    LOCK,
                    KEPT,
                    COLLECTION,
                    *(name for file in files if file.root == root for name in _names(file.key)),
                }
                cache.save(lambda name, own=own: name not in own)  # type: ignore[misc]

    def find(self, file: NoteFile, content: bytes) -> FileTask | FileResult:
        """Return the result for a note file with this content, or the task that makes it."""
        cache, key = self.of(file.root), self._key(file, _digest(content), file.settings.remembered)
        rows = [cache.get(name) for name in _names(file.key)[:3]]
        reading, rendered, found = [row.value if row and key in row.keys else b"" for row in rows]
        if reading and rendered and found:
            return FileResult(b"", None, reading, rendered, found)
        # The content is another one, so no other key is right. A row of another version may have another form.
        earlier = rows[1].value if rows[1] and key_of() in rows[1].keys else b""
        return FileTask(content, file.file, file.key, file.settings, file.options, earlier)

    def put(self, file: NoteFile, content: bytes, result: FileResult) -> None:
        """Store the result for a note file, if it could be read."""
        if result.failed:
            return
        keys = (*self.keys(file, _digest(content), result.dialect), key_of())
        for name, value in zip(_names(file.key), (result.reading, result.rendered, result.report)):
            self.of(file.root).put(name, Row(keys, value))

    def keys(self, file: NoteFile, digest: str, dialect: str | None) -> list[str]:
        """The keys of the rows of a note file that was read as a dialect: for this build and the next one. `digest` is the SHA-256 of its content."""
        # The next build remembers the dialect. A file is then read in the same way.
        dialects = (file.settings.remembered, file.settings.remembered or dialect)
        return [self._key(file, digest, each) for each in dict.fromkeys(dialects)]

    def _key(self, file: NoteFile, digest: str, remembered: str | None) -> str:
        texts = self._settings(file.settings), self._options(file.options)
        return key_of(digest, file.file, file.key, remembered or "", *texts)

    def _options(self, options: RenderOptions) -> str:
        """The options as text. All files of a deck have the same ones."""
        if self._last_options is None or options is not self._last_options[0]:
            self._last_options = options, key_text(options)
        return self._last_options[1]

    def _settings(self, settings: Settings) -> str:
        """All settings but the remembered dialect, as text. Most files of a deck have the same ones."""
        settings = replace(settings, remembered=None)
        if self._last_settings is None or settings != self._last_settings[0]:
            others = key_text(replace(settings, notetypes=_NO_TYPES))
            self._last_settings = settings, json.dumps([others, self._types_key(settings.notetypes)])
        return self._last_settings[1]

    def _types_key(self, notetypes: NoteTypes) -> str:
        """A key for note types. As text they are long, and they are the same for all files of a deck."""
        types = next((key for known, key in self._types if known is notetypes), None)
        if types is None:
            types = key_of(key_text(notetypes))
            self._types.append((notetypes, types))
        return types


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


KEPT = "kept"
"""The name of the row with the places of the kept files in the lock and in the package, and of the rows of these files."""
COLLECTION = "collection"
"""The name of the row with the collection of the last package."""
REFERENCES = "references"
"""The name of the rows with the notes that may name files, for builds. The pictures of `check` are placeholders."""


def references_name(key: str, *, placeholders: bool) -> str:
    """The name of the row with the renderings of those notes of a file that may name files."""
    return f"{REFERENCES}:{'check' if placeholders else 'build'}:{key}"


def _names(key: str) -> tuple[str, ...]:
    """The names of all rows of a note file: the first three are for its reading, its renderings and its report."""
    others = [references_name(key, placeholders=placeholders) for placeholders in (False, True)]
    return f"reading:{key}", f"rendered:{key}", f"report:{key}", *others, kept_name(key)


def kept_name(key: str) -> str:
    """The name of the row of a kept file."""
    return f"{KEPT}:{key}"
