"""Names of files that Windows, or a file system that ignores case, refuses. A repository with such a file cannot be cloned there."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.problems import Problem, Severity

_SIGNS = lazy_pattern(r'[<>:"|?*\\\x00-\x1f]')
_DEVICE = lazy_pattern(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.I)
_HINT = "rename it, so that the notes can be used on all systems"


def file_name_problems(files: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield a warning for each file whose path not all systems can have.

    `files` are pairs of the path for problems and the path inside the deck, in reading order.
    """
    first: dict[str, str] = {}
    for file, key in files:
        if wrong := _wrong_path(key, first):
            yield Problem(file, 0, 0, Severity.WARNING, "file-name", wrong, _HINT)


def media_name_problems(uses: Iterable[tuple[str, int, str]]) -> Iterator[Problem]:
    """Yield a warning for the first use of each media file whose path not all systems can have.

    `uses` are the file and the line of a note, and the path of a media file inside the deck, in reading order.
    """
    first: dict[str, str] = {}
    seen: set[str] = set()
    for file, line, key in uses:
        if key not in seen and (wrong := _wrong_path(key, first)):
            yield Problem(file, line, 1, Severity.WARNING, "file-name", wrong, _HINT)
        seen.add(key)


def _wrong_path(key: str, first: dict[str, str]) -> str:
    """What is wrong with a path, "" if nothing is. `first` are the first paths by their folded forms."""
    wrong = next(filter(None, map(_wrong, key.split("/"))), "")
    other = first.setdefault(_folded(key), key)
    return wrong or ("" if other == key else f"the path is that of {other} where case does not count")


def _wrong(name: str) -> str:
    """What is wrong with the name of a file or a folder, "" if nothing is."""
    if sign := _SIGNS.search(name):
        return f"Windows refuses the sign {sign[0]!a} in the name {name}"
    if _DEVICE.fullmatch(name):
        return f"Windows refuses the name {name}: it is the name of a device"
    return f"Windows refuses the name {name}: it ends with a dot or a blank" if name[-1:] in (".", " ") else ""


def _folded(key: str) -> str:
    return unicodedata.normalize("NFC", key).casefold()
