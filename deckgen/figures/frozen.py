"""The folder of frozen pictures. It is committed with the notes. Each picture has a manifest: a JSON file with its inputs."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from deckgen.figures.key import digest
from deckgen.figures.manifest import Manifest, dump_manifest, load_manifest
from deckgen.files import staged
from deckgen.model import Media

FOLDER_NAME = "frozen"
_NAME_DIGITS = 16  # of 64: for file names
_FILES = re.compile(r"([a-z0-9-]+-[0-9a-f]{16})\.(?:webp|json)|\.([a-z0-9-]+)\.(?:webp|json)\.\d+\.tmp")


class DamagedPicture(Exception):
    """A frozen picture does not match its manifest. The message says how; `path` is the damaged file."""

    def __init__(self, path: Path, message: str):
        super().__init__(message)
        self.path = path


class FrozenPictures(Struct, frozen=True):
    """A folder of files `<figure>-<key>.webp`, each with a manifest `.json`. The folder is created by the first write."""

    directory: Path

    def find(self, key: str, figure: str) -> Media | None:
        """Return the picture with this key, or None. Raises DamagedPicture if the picture or its manifest is damaged."""
        path = self._path(key, figure)
        if not path.with_suffix(".json").is_file():
            return None
        manifest = load_manifest(path.with_suffix(".json").read_bytes())
        if manifest is None or (manifest.key, manifest.figure) != (key, figure):
            raise DamagedPicture(path.with_suffix(".json"), "the manifest of the frozen picture cannot be read")
        if not path.is_file():
            raise DamagedPicture(path, "the frozen picture is missing, but its manifest exists")
        if digest(path.read_bytes()) != manifest.picture:
            raise DamagedPicture(path, "the frozen picture is damaged: its SHA-256 differs from that in its manifest")
        return Media(media_name(figure, manifest.picture), path, parts=manifest.parts)

    def width(self, key: str, figure: str) -> int:
        """Return the width that the manifest of a picture has."""
        manifest = load_manifest(self._path(key, figure).with_suffix(".json").read_bytes())
        return manifest.width if manifest else 0

    def write(self, manifest: Manifest, picture: bytes) -> Media:
        """Write the manifest and then the picture. Files that already hold the same picture and parts are not written."""
        path = self._path(manifest.key, manifest.figure)
        self.directory.mkdir(parents=True, exist_ok=True)
        if not self._holds(path, manifest):
            for file, content in ((path.with_suffix(".json"), dump_manifest(manifest)), (path, picture)):
                with staged(file) as out:
                    out.write(content)
        return Media(media_name(manifest.figure, manifest.picture), path, parts=manifest.parts)

    def manifests(self) -> Iterator[Manifest]:
        """Yield the manifests that can be read, the latest first."""
        files = sorted(
            self.directory.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True
        )
        return filter(None, (load_manifest(path.read_bytes()) for path in files))

    def unused(self, used: Iterable[tuple[str, str]]) -> dict[str, list[Path]]:
        """Return the files of all other pictures than `used`, by the stem that they share. `used` holds (key, figure)."""
        write = {self._path(*each).stem for each in used}
        found: dict[str, list[Path]] = {}
        for path in sorted(self.directory.iterdir()) if self.directory.is_dir() else ():
            if (match := _FILES.fullmatch(path.name)) and path.is_file() and match[1] not in write:
                found.setdefault(match[1] or match[2], []).append(path)
        return found

    def _holds(self, path: Path, manifest: Manifest) -> bool:
        try:
            found = self.find(manifest.key, manifest.figure)
        except DamagedPicture:
            return False
        return found is not None and (found.name, found.parts) == (
            media_name(manifest.figure, manifest.picture),
            manifest.parts,
        )

    def _path(self, key: str, figure: str) -> Path:
        return self.directory / f"{slug(figure) or 'figure'}-{key[:_NAME_DIGITS]}.webp"


def media_name(figure: str, picture: str) -> str:
    """Return `fig-NAME-DIGEST.webp`. NAME is the slug of the figure, DIGEST the start of the SHA-256 of the picture."""
    return "-".join(filter(None, ["fig", slug(figure), picture[:_NAME_DIGITS]])) + ".webp"


def slug(figure: str) -> str:
    """Return the name in lower case with hyphens for all other characters than a-z and 0-9, at most 80 characters."""
    return re.sub("[^a-z0-9]+", "-", figure.lower())[:80].strip("-")
