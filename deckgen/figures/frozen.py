"""Pictures that are kept with the notes, in git: each a file, with a manifest beside it that says what it was drawn from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deckgen.figures.key import digest
from deckgen.figures.manifest import Manifest, dump_manifest, load_manifest
from deckgen.files import staged
from deckgen.model import Media

FOLDER = "frozen"
_DIGITS = 16  # of 64: for file names
_FILES = re.compile(r"([a-z0-9-]+-[0-9a-f]{16})\.(?:webp|json)|\.([a-z0-9-]+)\.(?:webp|json)\.\d+\.tmp")


class Damaged(Exception):
    """A frozen picture that is not what its manifest says; the text says what is wrong with it."""

    def __init__(self, path: Path, message: str):
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Frozen:
    """A folder of `<figure>-<key>.webp`, each with its manifest in `.json`. Made when something is first kept."""

    directory: Path

    def find(self, key: str, figure: str) -> Media | None:
        """The picture of that key; None where there is none. Damaged where it or its manifest is not as it was kept."""
        path = self._path(key, figure)
        if not path.with_suffix(".json").is_file():
            return None
        manifest = load_manifest(path.with_suffix(".json").read_bytes())
        if manifest is None or (manifest.key, manifest.figure) != (key, figure):
            raise Damaged(path.with_suffix(".json"), "the manifest of the frozen picture cannot be read")
        if not path.is_file():
            raise Damaged(path, "the frozen picture is gone, and its manifest is there")
        if digest(path.read_bytes()) != manifest.picture:
            raise Damaged(path, "the frozen picture is damaged: its SHA-256 is not that of its manifest")
        return Media(media_name(figure, manifest.picture), path, parts=manifest.parts)

    def keep(self, manifest: Manifest, picture: bytes) -> Media:
        """Write a picture, and first its manifest. What is there already with the same bytes and parts stays as it is."""
        path = self._path(manifest.key, manifest.figure)
        self.directory.mkdir(parents=True, exist_ok=True)
        if not self._holds(path, manifest):
            for file, content in ((path.with_suffix(".json"), dump_manifest(manifest)), (path, picture)):
                with staged(file) as out:
                    out.write(content)
        return Media(media_name(manifest.figure, manifest.picture), path, parts=manifest.parts)

    def manifests(self) -> Iterator[Manifest]:
        """The manifests that can be read, the latest first."""
        files = sorted(
            self.directory.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True
        )
        return filter(None, (load_manifest(path.read_bytes()) for path in files))

    def unused(self, used: Iterable[tuple[str, str]]) -> dict[str, list[Path]]:
        """The files of pictures that are none of the used ones, each a key and a figure, by the name they have in common."""
        keep = {self._path(*each).stem for each in used}
        found: dict[str, list[Path]] = {}
        for path in sorted(self.directory.iterdir()) if self.directory.is_dir() else ():
            if (match := _FILES.fullmatch(path.name)) and path.is_file() and match[1] not in keep:
                found.setdefault(match[1] or match[2], []).append(path)
        return found

    def _holds(self, path: Path, manifest: Manifest) -> bool:
        try:
            found = self.find(manifest.key, manifest.figure)
        except Damaged:
            return False
        return found is not None and (found.name, found.parts) == (
            media_name(manifest.figure, manifest.picture),
            manifest.parts,
        )

    def _path(self, key: str, figure: str) -> Path:
        return self.directory / f"{slug(figure) or 'figure'}-{key[:_DIGITS]}.webp"


def media_name(figure: str, picture: str) -> str:
    """`fig-NAME-DIGEST.webp`: the same digest gives the same name; letters that media names cannot hold give way."""
    return "-".join(filter(None, ["fig", slug(figure), picture[:_DIGITS]])) + ".webp"


def slug(figure: str) -> str:
    return re.sub("[^a-z0-9]+", "-", figure.lower())[:80].strip("-")
