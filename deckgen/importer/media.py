"""The media files of a package: their names in the new folder, and where each is written."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from msgspec import Struct

from deckgen.importer.types import PlannedType
from deckgen.lazy_patterns import lazy_pattern
from deckgen.notetypes.deck import FOLDER as TYPES
from deckgen.notetypes.imported import MEDIA as TYPE_MEDIA
from deckgen.package.contents import Package
from deckgen.package.read import media_contents
from deckgen.problems import Problem, Severity
from deckgen.render.references import has_media_suffix
from deckgen.render.svg import has_code

FOLDER = "media"
# What Windows refuses in names of files, and what Markdown would read as syntax.
_UNSAFE = lazy_pattern(r'[<>:"|?*\\/\x00-\x1f\x7f\[\]]')
_DEVICES = lazy_pattern(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)
_LONGEST = 150  # bytes


class MediaPlan(Struct, frozen=True):
    """`paths` maps each file of the package to its path in the folder of the deck, for the notes.

    `of_types` maps the files that templates and CSS use to the note types that use them.
    """

    paths: Mapping[str, str]
    of_types: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> dict[str, str]:
        """Name in the fields → reference in Markdown. Fields may have the name as it is in an address."""
        return {written: path for name, path in self.paths.items() for written in (name, quote(name))}

    @property
    def original(self) -> dict[str, str]:
        """The last part of a path → the name in the package."""
        return {PurePosixPath(path).name: name for name, path in self.paths.items()}


def plan_media(package: Package, types: Sequence[PlannedType]) -> MediaPlan:
    """Give each media file a name that all systems allow. Files that templates may use keep their names: they begin with `_`."""
    paths: dict[str, str] = {}
    of_types: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for item in package.media:
        if item.name in paths:
            continue
        if item.name.startswith("_") and not _UNSAFE.search(item.name) and types:
            using = tuple(each.kind for each in types if each.mentions(item.name))
            of_types[item.name] = using or (types[0].kind,)
        if has_media_suffix(item.name):
            paths[item.name] = f"{FOLDER}/{_safe_name(item.name, taken)}"
    return MediaPlan(paths, of_types)


def write_media(package: Package, plan: MediaPlan, folder: Path) -> Iterator[Problem]:
    """Write the media files below a folder, one after the other. Yield a problem for each that is left out.

    A picture that contains code is left out: it would be an error in each build. Raises DeckError if the package cannot be read.
    """
    written: set[str] = set()
    for name, data in media_contents(package, {item.name for item in package.media}):
        if name in written:
            yield _problem(package, f"has two media files with the name {name}; the second one was left out", "")
            continue
        written.add(name)
        code = name.lower().endswith(".svg") and has_code(data)
        paths = [f"{TYPES}/{kind}/{TYPE_MEDIA}/{name}" for kind in plan.of_types.get(name, ())]
        paths += [plan.paths[name]] if name in plan.paths and not code else []
        if code:
            yield _problem(package, f"{name} contains code, and was left out", "open the package in Anki to see it")
        elif not paths:
            yield _problem(package, f"{name} is no picture, sound or film, and was left out", "cards cannot show it")
        for path in paths:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


def _safe_name(name: str, taken: set[str]) -> str:
    """A name that no other file has, also if the case does not count. Adds it to `taken`."""
    stem, dot, suffix = unicodedata.normalize("NFC", name).rpartition(".")
    stem = _UNSAFE.sub("_", stem).strip(". ") or "file"
    stem = f"_{stem}" if _DEVICES.fullmatch(stem) or stem.startswith("-") else stem
    while len(f"{stem}.{suffix}".encode()) > _LONGEST:
        stem = stem[:-1]
    number, found = 2, f"{stem}{dot}{suffix}"
    while found.casefold() in taken:
        number, found = number + 1, f"{stem}-{number}{dot}{suffix}"
    taken.add(found.casefold())
    return found


def _problem(package: Package, message: str, hint: str) -> Problem:
    return Problem(str(package.path), 0, 0, Severity.WARNING, "import-media", message, hint)
