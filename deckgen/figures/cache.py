"""Pictures and their parts on disk, by key."""

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from deckgen.figures.parts import dump_parts, load_parts
from deckgen.figures.worker import Drawing
from deckgen.model import Media


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of `<key>.webp`, each with its parts in `<key>.json`. Made when something is first stored."""

    directory: Path

    def find(self, key: str, figure: str) -> Media | None:
        """The picture of that key, named for `figure`; None where there is none, or a damaged one."""
        path, manifest = self._path(key), self._path(key, ".json")
        if not path.is_file() or not manifest.is_file():
            return None
        picture, parts = path.read_bytes(), load_parts(manifest.read_bytes())
        return Media(media_name(figure, picture), path, parts=parts) if is_whole(picture) and parts is not None else None

    def store(self, key: str, figure: str, drawing: Drawing) -> Media:
        """Keep a picture and its parts. Written aside and renamed, so that no other process sees half of it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for path, data in ((self._path(key, ".json"), dump_parts(drawing.parts)), (self._path(key), drawing.picture)):
            aside = path.with_name(f"{path.name}.{os.getpid()}.part")
            aside.write_bytes(data)
            os.replace(aside, path)
        return Media(media_name(figure, drawing.picture), self._path(key), parts=drawing.parts)

    def _path(self, key: str, suffix: str = ".webp") -> Path:
        return self.directory / f"{key}{suffix}"


def is_whole(picture: bytes) -> bool:
    """Whether a WebP file is as long as it says (a disk that filled up, a power cut)."""
    return picture[:4] == b"RIFF" and int.from_bytes(picture[4:8], "little") + 8 == len(picture)


def media_name(figure: str, picture: bytes) -> str:
    """`fig-NAME-DIGEST.webp`: the same bytes give the same name; letters that media names cannot hold give way."""
    slug = re.sub("[^a-z0-9]+", "-", figure.lower())[:80].strip("-")
    return "-".join(filter(None, ["fig", slug, sha256(picture).hexdigest()[:16]])) + ".webp"
