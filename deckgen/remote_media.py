"""The folder of downloaded media: what `deckgen fetch-media` has stored in the deck's folder, by the address in the notes.

The folder is committed with the notes. Its manifest is JSON, one object a line, sorted by address, so that git can merge it.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from deckgen.lazy_patterns import lazy_pattern
from deckgen.problems import DeckError

FOLDER = "fetched"
MANIFEST = "manifest.jsonl"
_REMOTE = lazy_pattern(r"(?:https?:)?//", re.I)
_FILE_NAME = lazy_pattern(r"[a-z0-9][a-z0-9._-]*")


def is_remote(target: str) -> bool:
    """Whether a reference is a web address."""
    return _REMOTE.match(target) is not None


def media_name(stem: str, suffix: str, data: bytes) -> str:
    """A name that says what the file is, and changes when its bytes do: `[a-z0-9._-]`, at most 120 bytes."""
    readable = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:60] or "media"
    extension = re.sub(r"[^a-z0-9]", "", suffix.lower())[:8]
    return f"{readable}-{hashlib.sha256(data).hexdigest()[:16]}" + (f".{extension}" if extension else "")


class FetchedFile(Struct, frozen=True, order=True):
    """A downloaded file: the address as the notes have it, the file's name in the folder, and the SHA-256 of its bytes."""

    address: str
    file: str
    sha256: str


class FetchedMedia:
    """The downloaded media of the deck in `root`. The manifest is read at the first question."""

    def __init__(self, root: Path):
        self.folder = root / FOLDER
        self._files: dict[str, FetchedFile] | None = None

    def find(self, address: str) -> FetchedFile | None:
        """The file of an address, None if it was not downloaded. Raises DeckError if the manifest is damaged."""
        return self.files().get(address)

    def files(self) -> dict[str, FetchedFile]:
        """All files by their addresses. Raises DeckError if the manifest is damaged."""
        if self._files is None:
            path = self.folder / MANIFEST
            self._files = load_manifest(path.read_bytes(), str(path)) if path.is_file() else {}
        return self._files

    def path(self, entry: FetchedFile) -> Path:
        """Where the bytes of a file are."""
        return self.folder / entry.file


def load_manifest(data: bytes, file: str) -> dict[str, FetchedFile]:
    """The entries of a manifest by their addresses; `file` is its path for problems. Raises DeckError at a damaged line."""
    entries: dict[str, FetchedFile] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        entry = _entry(line)
        if entry is None:
            hint = f"restore it with git, or delete the folder {FOLDER} and run deckgen fetch-media again"
            raise DeckError.at(file, "is not an entry of the manifest", code="fetched-manifest", line=number, hint=hint)
        entries[entry.address] = entry
    return entries


def dump_manifest(entries: Iterable[FetchedFile]) -> str:
    """The text of a manifest."""
    return "".join(json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in sorted(entries))


def _entry(line: str) -> FetchedFile | None:
    try:
        values = json.loads(line)
        entry = FetchedFile(**values)
    except (ValueError, TypeError, RecursionError):
        return None
    texts = all(isinstance(value, str) for value in asdict(entry).values())
    return entry if texts and is_remote(entry.address) and _FILE_NAME.fullmatch(entry.file) else None
