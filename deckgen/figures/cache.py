"""Pictures on disk, by key, each with the parts that its key was made of."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path

from deckgen.figures.key import Part
from deckgen.model import Media


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a cached picture was made of, and why it was made, in words."""

    parts: tuple[Part, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of `<key>.webp` and `<key>.json`. Made when something is first stored."""

    directory: Path

    def find(self, key: str, figure: str) -> Media | None:
        """The picture of that key, named for `figure`; None where there is none, or a damaged one."""
        path = self._path(key)
        if not path.is_file() or not self._manifest_path(key).is_file():
            return None
        picture = path.read_bytes()
        return Media(media_name(figure, picture), path) if is_whole(picture) else None

    def store(self, key: str, figure: str, picture: bytes, manifest: Manifest) -> Media:
        """Keep a picture, and first its manifest."""
        self.directory.mkdir(parents=True, exist_ok=True)
        kept = {"parts": [astuple(part) for part in manifest.parts], "why": manifest.why}
        self._write(self._manifest_path(key), json.dumps(kept, ensure_ascii=False, indent=0).encode())
        self._write(self._path(key), picture)
        return Media(media_name(figure, picture), self._path(key))

    def manifest(self, key: str) -> Manifest:
        """The manifest of a picture that is there."""
        return read_manifest(self._manifest_path(key))

    def history(self, figure: str) -> Iterator[tuple[Part, ...]]:
        """The parts of every picture of that figure, the latest first."""
        files = sorted(self.directory.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
        wanted = Part("figure", figure, "")
        return (parts for parts in (read_manifest(path).parts for path in files) if wanted in parts)

    def _write(self, path: Path, content: bytes) -> None:
        """Written aside and renamed, so that no other process sees half of it."""
        aside = path.with_name(f"{path.name}.{os.getpid()}.part")
        aside.write_bytes(content)
        os.replace(aside, path)

    def _path(self, key: str) -> Path:
        return self.directory / f"{key}.webp"

    def _manifest_path(self, key: str) -> Path:
        return self.directory / f"{key}.json"


def read_manifest(path: Path) -> Manifest:
    kept = json.loads(path.read_text("utf-8"))
    return Manifest(tuple(Part(*part) for part in kept["parts"]), tuple(kept["why"]))


def is_whole(picture: bytes) -> bool:
    """Whether a WebP file is as long as it says (a disk that filled up, a power cut)."""
    return picture[:4] == b"RIFF" and int.from_bytes(picture[4:8], "little") + 8 == len(picture)


def media_name(figure: str, picture: bytes) -> str:
    """`fig-NAME-DIGEST.webp`: the same bytes give the same name; letters that media names cannot hold give way."""
    slug = re.sub("[^a-z0-9]+", "-", figure.lower())[:80].strip("-")
    return "-".join(filter(None, ["fig", slug, sha256(picture).hexdigest()[:16]])) + ".webp"
