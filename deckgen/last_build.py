"""What the last build of a deck read and made. If nothing of it changed, the next build has nothing to do.

A build reads files below the deck's folder and the folders that deck.toml names, and nothing else: a build that read other files
is not recorded. All bytes are compared, not times. This module imports nothing that is slow to import.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from deckgen.build_result import BuildResult
from deckgen.cache import Cache, Row, bytes_of, deck_cache, key_of
from deckgen.lazy_patterns import lazy_pattern
from deckgen.problems import Problem
from deckgen.stored import packed, unpacked

# Files of more bytes take longer to compare than a build takes.
_MAX_BYTES = 2**28
# Problems that depend on the lock before the build. The next build may not report them.
_OF_LOCK = {"deck-renamed", "dialect-changed", "translation-stale"}
# Problems that depend on what is installed, or on files that cannot be read.
_OF_MACHINE = {"diagram-undrawn", "media-unreadable"}
# A missing file that is hidden or outside of the deck. If it is there later, no comparison shows it.
_ELSEWHERE = lazy_pattern(r"(?:^|[ /\\])\.")
# Packages contain files of deckgen itself: the font for formulas.
_OWN = Path(__file__).parent

NAME = "build"
"""The name of the row of the last build in the cache of a deck."""
Snapshot = Mapping[str, str]
"""The path of each file → the SHA-256 of its bytes, in hexadecimal."""


class _Record(Struct, frozen=True):
    """`folders` and `files` are what the build read. The rest is its result; `sha256` is that of the package."""

    folders: tuple[str, ...]
    files: Snapshot
    package: str
    sha256: str
    version: str
    counts: tuple[int, int, int]
    problems: tuple[Problem, ...]


class LastBuild:
    """The last build of the deck in `root` into the folder `out`, with the same options. `options` are their names."""

    def __init__(self, root: Path, out: Path, options: tuple[str, ...]):
        self._root = root
        self._out = out
        self._options = options
        self._seen: tuple[tuple[str, ...], Snapshot | None] | None = None

    def unchanged(self) -> BuildResult | None:
        """Return the result of building again, if all files are as the last build left them. Otherwise None."""
        with deck_cache(self._root) as cache:
            row = cache.get(NAME)
        if row is None or row.keys != (self._key,):
            return None
        last = unpacked(_Record, row.value)
        self._seen = last.folders, snapshot(map(Path, last.folders))
        package = Path(last.package)
        if self._seen[1] != last.files or sha256_of(package) != last.sha256:
            return None
        notes, cards, media = last.counts
        size = package.stat().st_size
        return BuildResult(package, last.version, size, notes, cards, media, 0, 0, notes, 0, (), (), last.problems)

    def files_before(self, folders: Sequence[Path]) -> Snapshot | None:
        """Return the files of `folders` before a build: those that `unchanged` has seen, if it was called."""
        if self._seen and self._seen[0] == tuple(map(str, folders)):
            return self._seen[1]
        return snapshot(folders)

    def record(
        self,
        cache: Cache,
        built: BuildResult,
        folders: Sequence[Path],
        before: Snapshot | None,
        written: Mapping[Path, bytes],
        media: Iterable[Path],
    ) -> None:
        """Put a build into the cache of its deck, if the next one would make the same of the same files.

        `before` are the files of `folders` before the build, None if one of them has changed since. `written` are the contents of the files that
        the build wrote into them, and `media` are the media files of the package.
        """
        if before is None or any(_is_passing(problem, bool(written)) for problem in built.problems):
            return
        own = {os.path.abspath(path): hashlib.sha256(content).hexdigest() for path, content in written.items()}
        after = {**before, **own}
        if not all(_is_known(path, after) for path in media):
            return
        made = _Record(
            tuple(map(str, folders)),
            after,
            str(built.package),
            sha256_of(built.package),
            built.version,
            (built.notes, built.cards, built.media),
            built.problems,
        )
        cache.put(NAME, Row((self._key,), packed(made)))

    @property
    def _key(self) -> str:
        return key_of(os.getcwd(), str(self._root), str(self._out), _repository(self._root), *self._options)


def snapshot(folders: Iterable[Path]) -> Snapshot | None:
    """Return all files below some folders, without packages and hidden files.

    Return None if they cannot all be compared: a file cannot be read or is no regular file, a folder is a link, or there are
    very many bytes.
    """
    try:
        return dict(_digests(folders))
    except (OSError, _NotComparableError):
        return None


def options_of(strict: bool, execute: bool) -> tuple[str, ...]:
    """Return the options that change the result of a build of the same files."""
    return (*(["strict"] if strict else []), *([] if execute else ["no-exec"]))


def _repository(root: Path) -> str:
    """The folder of the git repository of a deck, "" if there is none: deck.toml may name only folders inside of it."""
    top = os.path.realpath(root)
    while not os.path.exists(os.path.join(top, ".git")):
        top, below = os.path.split(top)
        if not below:
            return ""
    return top


def _is_passing(problem: Problem, lock_changed: bool) -> bool:
    """Whether the next build of the same files may not report a problem."""
    figure = problem.code.startswith("figure-") and problem.code not in {"figure-unused", "figure-heavy"}
    missing = problem.code == "media-missing" and _ELSEWHERE.search(problem.message) is not None
    return figure or missing or problem.code in _OF_MACHINE or (lock_changed and problem.code in _OF_LOCK)


def _is_known(path: Path, files: Snapshot) -> bool:
    """Whether a media file is one of the files, or one of deckgen. With `..` in its path, other places were looked at before."""
    return (os.path.abspath(path) in files and ".." not in path.parts) or path.is_relative_to(_OWN)


class _NotComparableError(Exception):
    """The files of a folder cannot be compared."""


def _digests(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    left = _MAX_BYTES
    for path in (path for folder in folders for path in _files(os.path.abspath(folder))):
        found = os.stat(path)
        left -= found.st_size
        if not stat.S_ISREG(found.st_mode) or left < 0:
            raise _NotComparableError
        yield path, hashlib.sha256(bytes_of(path)).hexdigest()


def _files(folder: str) -> Iterator[str]:
    """The paths of all files below a folder. Raises OSError if a folder cannot be read."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name.startswith(".") or entry.name == "__pycache__" or entry.name.endswith(".apkg"):
                continue
            if entry.is_dir():
                if entry.is_symlink():
                    raise _NotComparableError
                yield from _files(entry.path)
            else:
                yield entry.path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, "" if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
