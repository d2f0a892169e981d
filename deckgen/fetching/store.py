"""Downloads what the notes of a deck name, and stores it with its addresses in the deck's folder."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from deckgen.fetching.download import FetchError, Limits, download
from deckgen.fetching.kinds import suffix_of
from deckgen.files import prepared, write_text
from deckgen.problems import Problem, Severity
from deckgen.remote_media import MANIFEST, FetchedFile, FetchedMedia, dump_manifest, media_name

Place = tuple[str, int]
"""The path of a note file, and the line of the note."""


class FetchResult(Struct, frozen=True):
    """What was downloaded now, how many files were there before, and what failed."""

    folder: Path
    fetched: tuple[FetchedFile, ...]
    kept: int
    problems: tuple[Problem, ...]


def fetch_media(
    root: Path, addresses: Mapping[str, Place], limits: Limits, progress: Callable[[str, int, int], None]
) -> FetchResult:
    """Download each address that is not in the folder of the deck `root`. The values say which note names it.

    Each file is stored as soon as it is downloaded. Raises DeckError if the manifest is damaged, OSError if a file cannot be written.
    """
    store = FetchedMedia(root)
    known = dict(store.files())
    missing = [address for address in addresses if not _is_whole(store, known.get(address))]
    fetched, problems = [], []
    for n, address in enumerate(missing):
        progress("downloading", n, len(missing))
        try:
            data = download(address, limits)
            entry = _stored(store.folder, address, data)
        except FetchError as error:
            file, line = addresses[address]
            problems.append(Problem(file, line, 1, Severity.ERROR, "fetch-failed", f"{address}: {error}"))
            continue
        known[address] = entry
        write_text(store.folder / MANIFEST, dump_manifest(known.values()))
        fetched.append(entry)
    return FetchResult(store.folder, tuple(fetched), len(addresses) - len(missing), tuple(problems))


def _is_whole(store: FetchedMedia, entry: FetchedFile | None) -> bool:
    if entry is None or not store.path(entry).is_file():
        return False
    return hashlib.sha256(store.path(entry).read_bytes()).hexdigest() == entry.sha256


def _stored(folder: Path, address: str, data: bytes) -> FetchedFile:
    """Write a file under a name that holds the digest of its bytes. Raises FetchError if it is no picture, sound or film."""
    suffix = suffix_of(data)
    if suffix is None:
        raise FetchError("no picture, sound or film that Anki shows, by its bytes")
    stem = PurePosixPath(unquote(urlsplit(address).path)).stem
    name = media_name(stem, suffix, data)
    folder.mkdir(parents=True, exist_ok=True)
    with prepared(folder / name) as (file, commit):
        file.write(data)
        commit()
    return FetchedFile(address, name, hashlib.sha256(data).hexdigest())
