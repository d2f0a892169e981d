"""What the references of a note stand for: a file, a picture, or the reason why there is none."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from deckgen.model import Media, Note
from deckgen.problems import FigureError, Severity
from deckgen.render.svg import has_code

FIGURE = "figure:"
_REMOTE = re.compile(r"(?:https?:)?//", re.I)
# What Anki shows or plays. Nothing else goes from the author's disk into a package, whoever wrote the note.
_SUFFIXES = frozenset(
    "png jpg jpeg gif webp svg avif bmp tif tiff ico mp3 ogg oga opus wav m4a aac flac 3gp mp4 m4v webm ogv mov mkv avi mpg mpeg".split()
)


class MediaProblem(NamedTuple):
    """What is wrong with a reference: the last four fields of a `Problem`, in their order."""

    severity: Severity
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Found:
    """The file that a reference names. `size` is the size of a figure's picture in bytes; 0 for one that is not computed."""

    media: Media
    size: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a reference names no file. `parameter` is the one of a figure that is wrong, where it is one."""

    severity: Severity
    code: str
    message: str
    hint: str = ""
    parameter: str = ""

    @property
    def problem(self) -> MediaProblem:
        return MediaProblem(self.severity, self.code, self.message, self.hint)


Lookup = Callable[[str], Found | Missing]
"""From a reference, as the author wrote it, to what it stands for."""


class References:
    """Finds the files that the notes of a deck name, and hashes each once.

    `root` is the folder that note keys are relative to, `figure` returns the picture of a `figure:` reference or raises FigureError.
    With `unsafe`, SVG files may contain code.
    """

    def __init__(self, root: Path, figure: Callable[[str], Media], unsafe: bool = False):
        self._unsafe = unsafe
        self._root = root
        self._figure = figure
        self._known: dict[Path, Media] = {}

    def resolve(self, target: str, note: Note) -> Found | Missing:
        """What a reference in a note stands for."""
        if target.startswith(FIGURE):
            return self._picture(target)
        if _REMOTE.match(target):
            return Missing(
                Severity.WARNING,
                "media-remote",
                f"{target} is not in the deck: it will not show offline",
                "save it beside the note and name that file",
            )
        path = next((path for path in self._candidates(target, note) if _is_file(path)), None)
        if path is None:
            looked = f"looked in {note.file.rpartition('/')[0] or '.'}/"
            return Missing(Severity.WARNING, "media-missing", f"no file {unquote(target)}", looked)
        if path.suffix.lower().lstrip(".") not in _SUFFIXES:
            return Missing(Severity.ERROR, "media-kind", f"{unquote(target)} is no picture, sound or film")
        return self._file(path, target)

    def _picture(self, target: str) -> Found | Missing:
        try:
            media = replace(self._figure(target), figure=True)
        except FigureError as error:
            return Missing(Severity.ERROR, error.code, str(error), error.hint, error.parameter)
        return Found(media, media.path.stat().st_size if media.path.is_file() else 0)

    def _file(self, path: Path, target: str) -> Found | Missing:
        if path not in self._known:
            try:
                data = path.read_bytes()
            except OSError as error:
                message = f"{unquote(target)} cannot be read: {error.strerror}"
                return Missing(Severity.ERROR, "media-unreadable", message)
            if path.suffix.lower() == ".svg" and not self._unsafe and has_code(data):
                return Missing(
                    Severity.ERROR,
                    "media-code",
                    f"{unquote(target)} contains code",
                    "remove its scripts and event handlers",
                )
            self._known[path] = Media(media_name(path.stem, path.suffix, data), path)
        return Found(self._known[path])

    def _candidates(self, target: str, note: Note) -> Iterator[Path]:
        """Next to the note, in the folder named after it (Hexo's assets), under the deck's folder for `/…`."""
        page = self._root / note.key
        for name in dict.fromkeys((target, unquote(target), unquote(re.split("[?#]", target)[0]))):
            if "\0" in name or not name:
                continue
            if name.startswith("/"):
                yield self._root / name.lstrip("/")
            else:
                yield page.parent / name
                yield page.with_suffix("") / name


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # A name too long for any file.
        return False


def media_name(stem: str, suffix: str, data: bytes) -> str:
    """A name that says what the file is, and changes when its bytes do: `[a-z0-9._-]`, at most 120 bytes."""
    readable = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:60] or "media"
    extension = re.sub(r"[^a-z0-9]", "", suffix.lower())[:8]
    return f"{readable}-{hashlib.sha256(data).hexdigest()[:16]}" + (f".{extension}" if extension else "")
