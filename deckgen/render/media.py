"""Pictures and sounds of a note: local files become media under content-hashed names, the rest is told."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

from deckgen.model import Media, Note, Text
from deckgen.problems import FigureError, Problem, Severity
from deckgen.render.figures import block_references, faults
from deckgen.render.places import Places
from deckgen.scan import Scan, scan

_REMOTE = re.compile(r"(?:https?:)?//", re.I)
_FIGURE = "figure:"
_REFERENCE = re.compile(r"figure:[^\s()<>\"']+")
_TAGS = ["img", "audio", "video", "source", "object", "embed"]
# What Anki shows or plays. Nothing else goes from the author's disk into a package, whoever wrote the note.
_SUFFIXES = frozenset(
    "png jpg jpeg gif webp svg avif bmp tif tiff ico mp3 ogg oga opus wav m4a aac flac 3gp mp4 m4v webm ogv mov mkv avi mpg mpeg".split()
)


class MediaFiles:
    """Finds the files that notes name, hashes each once."""

    def __init__(self, root: Path, figure: Callable[[str], Media]):
        self._root = root
        self._figure = figure
        self._known: dict[Path, Media] = {}

    def attach(self, soup: BeautifulSoup, note: Note, text: Text, found: Scan) -> tuple[list[Media], list[Problem]]:
        """Point every element of the tree that loads a file at its media name."""
        media: list[Media] = []
        problems: list[Problem] = []
        places = Places(text, found)
        for element in soup.find_all(_TAGS):
            attribute = "data" if element.name == "object" else "src"
            # Anki copies no files that are only named there, and browsers would prefer them.
            element.attrs.pop("srcset", None)
            target = element.get(attribute)
            if not target or target.startswith("data:"):
                continue
            line, column = places.next(target)
            result = self._load(target, note)
            if isinstance(result, Media):
                element[attribute] = result.name
                media.append(result)
                if target.startswith(_FIGURE):
                    _as_figure(soup, element, result.alt)
                    problems += [Problem(note.file, line, column, *fault) for fault in faults(element["alt"], result)]
                continue
            problems.append(Problem(note.file, line, column, *result))
            if result[1] != "media-remote":
                _as_missing(element, attribute)
        return media, problems

    def sound(self, target: str, note: Note, text: Text, offset: int) -> tuple[list[Media], list[Problem]]:
        """The file that `[sound:target]` at an offset of the text plays."""
        result = self._load(target.strip(), note)
        if isinstance(result, Media):
            return [result], []
        return [], [Problem(note.file, *text.place(offset), *result)]

    def _load(self, target: str, note: Note) -> Media | tuple[Severity, str, str, str]:
        """The media a reference names, or severity, code, message and hint of the problem."""
        if target.startswith(_FIGURE):
            try:
                return replace(self._figure(target), figure=True)
            except FigureError as error:
                return Severity.ERROR, error.code, str(error), error.hint
        if _REMOTE.match(target):
            return (
                Severity.WARNING,
                "media-remote",
                f"{target} is not in the deck: it will not show offline",
                "save it beside the note and name that file",
            )
        path = next((path for path in self._candidates(target, note) if _is_file(path)), None)
        if path and path.suffix.lower().lstrip(".") not in _SUFFIXES:
            return Severity.ERROR, "media-kind", f"{unquote(target)} is no picture, sound or film", ""
        if path is None:
            return (
                Severity.WARNING,
                "media-missing",
                f"no file {unquote(target)}",
                f"looked in {note.file.rpartition('/')[0] or '.'}/",
            )
        if path not in self._known:
            try:
                self._known[path] = Media(media_name(path.stem, path.suffix, path.read_bytes()), path)
            except OSError as error:
                return Severity.ERROR, "media-unreadable", f"{unquote(target)} cannot be read: {error.strerror}", ""
        return self._known[path]

    def _candidates(self, target: str, note: Note) -> Iterator[Path]:
        """Beside the note, in the folder named after it (Hexo's assets), under the deck's folder for `/…`."""
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


def figure_references(text: Text) -> Iterator[str]:
    """The figures of a text, in blocks of their own and outside code: what to compute before rendering asks for it."""
    yield from block_references(text)
    if _FIGURE not in text.source:
        return
    found = scan(text.source)
    for match in _REFERENCE.finditer(text.source):
        if not found.is_code(match.start()):
            yield match[0]


def _as_figure(soup: BeautifulSoup, image: Tag, alt: str) -> None:
    """A computed picture, with its title as a caption below it where it stands in a paragraph of its own."""
    image["alt"] = image.get("alt", "").strip() or alt
    image["class"] = [*image.get_attribute_list("class", []), "computed"]
    caption = image.attrs.pop("title", "")
    paragraph = image.parent
    alone = paragraph.name == "p" and all(child is image or not str(child).strip() for child in paragraph.children)
    if not alone:
        if caption:
            image["title"] = caption
        return
    figure = soup.new_tag("figure")
    paragraph.replace_with(figure)
    figure.append(image.extract())
    if caption:
        text = soup.new_tag("figcaption")
        text.string = caption
        figure.append(text)


def _as_missing(element: Tag, attribute: str) -> None:
    """An element that loads nothing, and so shows the description that its author gave it."""
    element["title"] = element.attrs.pop(attribute)
    element["class"] = [*element.get_attribute_list("class", []), "missing"]
