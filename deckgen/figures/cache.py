"""Pictures on disk, by key, each with what its key was made of and the parts that it names."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from deckgen.figures.key import Dependency, digest
from deckgen.model import Media, Part


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a cached picture was made of, why it was made, in words, its digest, and the parts that it names."""

    dependencies: tuple[Dependency, ...]
    why: tuple[str, ...]
    picture: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of `<key>.webp`, each with its manifest in `<key>.json`. Made when something is first stored."""

    directory: Path

    def find(self, key: str, figure: str) -> Media | None:
        """The picture of that key, named for `figure`; None where there is none, or a damaged one."""
        path, manifest = self._path(key), self.manifest(key)
        if not path.is_file() or manifest is None or digest(path.read_bytes()) != manifest.picture:
            return None
        return Media(media_name(figure, manifest.picture), path, parts=manifest.parts)

    def store(self, key: str, figure: str, picture: bytes, manifest: Manifest) -> Media:
        """Keep a picture, and first its manifest."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self._write(self._path(key, ".json"), dump_manifest(manifest))
        self._write(self._path(key), picture)
        return Media(media_name(figure, manifest.picture), self._path(key), parts=manifest.parts)

    def manifest(self, key: str) -> Manifest | None:
        """The manifest of the picture of that key; None where there is none, or a damaged one."""
        path = self._path(key, ".json")
        return load_manifest(path.read_bytes()) if path.is_file() else None

    def history(self, figure: str) -> Iterator[tuple[Dependency, ...]]:
        """What every picture of that figure was made of, the latest first."""
        files = sorted(self.directory.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
        manifests = filter(None, (load_manifest(path.read_bytes()) for path in files))
        return (each.dependencies for each in manifests if Dependency("figure", figure, "") in each.dependencies)

    def _write(self, path: Path, content: bytes) -> None:
        """Written aside and renamed, so that no other process sees half of it."""
        aside = path.with_name(f"{path.name}.{os.getpid()}.part")
        aside.write_bytes(content)
        os.replace(aside, path)

    def _path(self, key: str, suffix: str = ".webp") -> Path:
        return self.directory / f"{key}{suffix}"


def dump_manifest(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()


def load_manifest(data: bytes) -> Manifest | None:
    """The manifest that was dumped; None where it is damaged."""
    try:
        kept = json.loads(data)
        dependencies = tuple(Dependency(**row) for row in kept["dependencies"])
        return Manifest(dependencies, tuple(kept["why"]), kept["picture"], tuple(Part(**row) for row in kept["parts"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def media_name(figure: str, picture: str) -> str:
    """`fig-NAME-DIGEST.webp`: the same digest gives the same name; letters that media names cannot hold give way."""
    slug = re.sub("[^a-z0-9]+", "-", figure.lower())[:80].strip("-")
    return "-".join(filter(None, ["fig", slug, picture[:16]])) + ".webp"
