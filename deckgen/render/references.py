"""What the references of a note stand for: a file, a picture, or the reason why there is none."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Media, Note
from deckgen.problems import FigureError, Severity
from deckgen.remote_media import FetchedMedia, is_remote, media_name
from deckgen.render.extensions.wiki_links import WIKI
from deckgen.render.svg import has_code
from deckgen.render.vault import Vault
from deckgen.scan.diagrams import DIAGRAM

FIGURE = "figure:"
PAGE = "page:"
"""What a reference begins with that a wiki link makes: the rest is `note#heading`."""
PLAYED = frozenset("mp3 ogg oga opus wav m4a aac flac 3gp mp4 m4v webm ogv mov mkv avi mpg mpeg".split())
"""The suffixes of sounds and films, which Anki plays as `[sound:…]`."""
# What Anki shows or plays. Nothing else goes from the author's disk into a package, whoever wrote the note.
_SUFFIXES = PLAYED | frozenset("png jpg jpeg gif webp svg avif bmp tif tiff ico".split())
_FILE_SUFFIX = lazy_pattern(r"\.(?!md$)[A-Za-z][A-Za-z0-9]{1,9}$")


class MediaProblem(NamedTuple):
    """What is wrong with a reference: the last four fields of a `Problem`, in their order."""

    severity: Severity
    code: str
    message: str
    hint: str


class Found(Struct, frozen=True):
    """The file that a reference names. `size` is the size of a figure's picture in bytes; 0 for one that is not computed.

    `ambiguous` says which other files have the name; it is empty if there are none.
    """

    media: Media
    size: int = 0
    ambiguous: str = ""


class Page(Struct, frozen=True):
    """The note file that a wiki link names: its path from the folder of the note, "" for the note's own file, and what follows the `#`."""

    path: str
    heading: str = ""
    ambiguous: str = ""


class Missing(Struct, frozen=True):
    """Why a reference names no file. `parameter` is the one of a figure that is wrong, where it is one."""

    severity: Severity
    code: str
    message: str
    hint: str = ""
    parameter: str = ""

    @property
    def problem(self) -> MediaProblem:
        return MediaProblem(self.severity, self.code, self.message, self.hint)


Resolved = Found | Missing | Page
Lookup = Callable[[str], Resolved]
"""From a reference, as the author wrote it, to what it stands for."""


class References:
    """Finds the files that the notes of a deck name, and hashes each once.

    `root` is the folder that note keys are relative to, `figure` returns the picture of a `figure:` reference or raises FigureError.
    `diagram` returns the picture of a diagram, None if there is none. `folders` are further folders that files may be in. No file outside
    of these is read, whatever links and `..` say. With `unsafe`, SVG files may contain code.
    """

    def __init__(
        self,
        root: Path,
        figure: Callable[[str], Media],
        diagram: Callable[[str], Media | None],
        folders: Sequence[Path] = (),
        unsafe: bool = False,
    ):
        self._unsafe = unsafe
        self._root = root
        self._figure = figure
        self._diagram = diagram
        self._folders = (root, *folders)
        self._inside = [folder.resolve() for folder in self._folders]
        self._vault = Vault(root)
        self._fetched = FetchedMedia(root)
        self._known: dict[Path, Media] = {}

    def resolve(self, target: str, note: Note) -> Resolved:
        """What a reference in a note stands for."""
        if target.startswith(FIGURE):
            return self._picture(target)
        if target.startswith(DIAGRAM):
            return self._drawn(target)
        if target.startswith(PAGE):
            return self._page(target.removeprefix(PAGE), note)
        if target.startswith(WIKI):
            return self._embed(target.removeprefix(WIKI), note)
        if is_remote(target):
            return self._remote(target)
        path = next((path for path in self._candidates(target, note) if _is_file(path)), None)
        if path is None:
            return Missing(Severity.WARNING, "media-missing", f"no file {unquote(target)}", _looked(target, note))
        return self._file(path, unquote(target))

    def _picture(self, target: str) -> Found | Missing:
        try:
            media = replace(self._figure(target), figure=True)
        except FigureError as error:
            return Missing(Severity.ERROR, error.code, str(error), error.hint, error.parameter)
        return Found(media, media.path.stat().st_size if media.path.is_file() else 0)

    def _drawn(self, target: str) -> Found | Missing:
        try:
            media = self._diagram(target)
        except FigureError as error:
            return Missing(Severity.ERROR, error.code, str(error), error.hint)
        if media is None:
            hint = "install mmdc for Mermaid, dot for Graphviz, and build again: the picture is kept with the notes"
            return Missing(Severity.INFO, "diagram-undrawn", "the diagram is shown as code", hint)
        return Found(media)

    def _remote(self, target: str) -> Found | Missing:
        entry = self._fetched.find(target)
        if entry is None:
            return Missing(
                Severity.WARNING,
                "media-remote",
                f"{target} is not in the deck: it will not show offline",
                "deckgen fetch-media downloads it; or save it next to the note and name that file",
            )
        path = self._fetched.path(entry)
        if not _is_file(path) or hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256:
            message = f"{path.name}, downloaded from {target}, is missing or damaged"
            hint = "restore it with git, or run deckgen fetch-media"
            return Missing(Severity.ERROR, "fetched-damaged", message, hint)
        return self._file(path, target)

    def _page(self, target: str, note: Note) -> Page | Missing:
        name, _, heading = (part.strip() for part in target.partition("#"))
        if not name:
            return Page("", heading)
        found = self._vault.find_page(name, note.key)
        if not found:
            return Missing(Severity.INFO, "link-unknown", f"no note {name} in the folder of the deck", "its text stays")
        path = os.path.relpath(found[0], PurePosixPath(note.key).parent)
        return Page(path.replace(os.sep, "/"), heading, _ambiguous(name, note, found))

    def _embed(self, target: str, note: Note) -> Found | Missing:
        name = re.split("[#|]", target)[0].strip()
        found = self._vault.find(name, note.key)
        if not has_media_suffix(name):
            return _not_embedded(
                name, is_note=not _FILE_SUFFIX.search(name) or bool(self._vault.find_page(name, note.key))
            )
        if not found:
            return Missing(
                Severity.WARNING, "media-missing", f"no file {name}", "looked in the whole folder of the deck"
            )
        result = self._file(self._root / found[0], name)
        return replace(result, ambiguous=_ambiguous(name, note, found)) if isinstance(result, Found) else result

    def _file(self, path: Path, written: str) -> Found | Missing:
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            return Missing(Severity.ERROR, "media-unreadable", f"{written} cannot be read: {error}")
        if not any(real.is_relative_to(folder) for folder in self._inside):
            message = f"{written} is outside of the deck's folder, and is not read"
            hint = 'copy it into the folder, or name its folder in deck.toml: media = ["../img"]'
            return Missing(Severity.ERROR, "media-outside", message, hint)
        if not (has_media_suffix(path.name) and has_media_suffix(real.name)):
            return Missing(Severity.ERROR, "media-kind", f"{written} is no picture, sound or film")
        return self._read(path, written)

    def _read(self, path: Path, written: str) -> Found | Missing:
        if path not in self._known:
            try:
                data = path.read_bytes()
            except OSError as error:
                return Missing(Severity.ERROR, "media-unreadable", f"{written} cannot be read: {error.strerror}")
            if path.suffix.lower() == ".svg" and not self._unsafe and has_code(data):
                hint = "remove its scripts and event handlers"
                return Missing(Severity.ERROR, "media-code", f"{written} contains code", hint)
            self._known[path] = Media(media_name(path.stem, path.suffix, data), path)
        return Found(self._known[path])

    def _candidates(self, target: str, note: Note) -> Iterator[Path]:
        """Next to the note, in the folder named after it (Hexo's assets); for `/…` under the deck's folder and the folders of `media`."""
        page = self._root / note.key
        for name in dict.fromkeys((target, unquote(target), unquote(re.split("[?#]", target)[0]))):
            if "\0" in name or not name:
                continue
            if name.startswith("/"):
                yield from (folder / name.lstrip("/") for folder in self._folders)
            else:
                yield page.parent / name
                yield page.with_suffix("") / name


def _looked(target: str, note: Note) -> str:
    """Where a missing file was looked for."""
    if target.startswith("/"):
        return 'looked in the deck\'s folder and those of media; for a folder of a website: media = ["static"] in deck.toml'
    return f"looked in {note.file.rpartition('/')[0] or '.'}/"


def has_media_suffix(name: str) -> bool:
    """Whether the name of a file is that of a picture, a sound or a film."""
    return PurePosixPath(name).suffix.lower().lstrip(".") in _SUFFIXES


def _not_embedded(name: str, *, is_note: bool) -> Missing:
    what = f"the note {name}" if is_note else f"{name}, which is no picture, sound or film,"
    message, hint = f"{what} is embedded: a card does not show it", "copy what the card needs"
    return Missing(Severity.WARNING, "note-embedded", message, hint)


def _ambiguous(name: str, note: Note, found: Sequence[PurePosixPath]) -> str:
    """Which files have a name, if the note does not tell which is meant; else an empty text."""
    best, here = found[0], PurePosixPath(note.key).parent
    if len(found) < 2 or best.parent == here or str(best.with_suffix("")) == name or str(best) == name:
        return ""
    others = ", ".join(map(str, found[1:4]))
    return f"several files are named {name}: {best} is taken, and not {others}"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # A name too long for any file.
        return False
