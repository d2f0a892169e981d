"""Pictures on disk, by key."""

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from deckgen.model import Media


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of `<key>.webp`. Made when something is first stored."""

    directory: Path

    def find(self, key: str, figure: str) -> Media | None:
        """The picture of that key, named for `figure`; None where there is none, or a damaged one."""
        path = self._path(key)
        if not path.is_file():
            return None
        picture = path.read_bytes()
        return Media(media_name(figure, picture), path) if is_whole(picture) else None

    def store(self, key: str, figure: str, picture: bytes) -> Media:
        """Keep a picture. Written aside and renamed, so that no other process sees half of it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        aside = self.directory / f"{key}.{os.getpid()}.part"
        aside.write_bytes(picture)
        os.replace(aside, self._path(key))
        return Media(media_name(figure, picture), self._path(key))

    def _path(self, key: str) -> Path:
        return self.directory / f"{key}.webp"


def is_whole(picture: bytes) -> bool:
    """Whether a WebP file is as long as it says (a disk that filled up, a power cut)."""
    return picture[:4] == b"RIFF" and int.from_bytes(picture[4:8], "little") + 8 == len(picture)


def media_name(figure: str, picture: bytes) -> str:
    """`fig-NAME-DIGEST.webp`: the same bytes give the same name; letters that media names cannot hold give way."""
    slug = re.sub("[^a-z0-9]+", "-", figure.lower())[:80].strip("-")
    return "-".join(filter(None, ["fig", slug, sha256(picture).hexdigest()[:16]])) + ".webp"
