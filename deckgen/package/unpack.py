"""Unpack the members of a package that is read, with limits. A package of some kilobytes could unpack to terabytes."""

import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import IO

from deckgen.package.limits import FREE_BYTES, MOST_MEMBERS, MOST_RATIO, OverLimit

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZstdError = zstd.ZstdError
_CHUNK = 2**20  # bytes
# Anki's engine reads no others.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class PackedFiles:
    """The members of an open zip archive. `size` is the size of its file in bytes.

    Raises OverLimit if there are too many members, or if all that is unpacked becomes too large. Other errors are those of
    `zipfile` and `zstd`.
    """

    def __init__(self, archive: zipfile.ZipFile, size: int):
        self._archive = archive
        self._left = self._most = max(FREE_BYTES, MOST_RATIO * size)
        self.infos = {info.filename: info for info in archive.infolist()}
        if len(archive.infolist()) > MOST_MEMBERS:
            raise OverLimit(f"is too large: it has {len(archive.infolist())} files, and {MOST_MEMBERS} are allowed")

    def __contains__(self, member: str) -> bool:
        return member in self.infos

    def chunks(self, member: str, limit: int, *, compressed: bool) -> Iterator[bytes]:
        """Yield the content of a member in pieces. `limit` is the most bytes that it may have. With `compressed` it is Zstandard data."""
        info = self.infos[member]
        if info.compress_type not in _METHODS:
            raise ValueError(f"{member!a} is compressed in a way that Anki does not read")
        taken = 0
        with self._archive.open(info) as packed, closing(zstd.ZstdFile(packed) if compressed else packed) as file:
            while chunk := file.read(_CHUNK):
                taken += len(chunk)
                self._left -= len(chunk)
                if taken > limit:
                    raise OverLimit(f"is too large: {member!a} in it has more than {limit} bytes")
                if self._left < 0:
                    raise OverLimit(f"is too large: it unpacks to more than {self._most} bytes")
                yield chunk

    def data(self, member: str, limit: int, *, compressed: bool) -> bytes:
        """The content of a member, as `chunks` yields it."""
        return b"".join(self.chunks(member, limit, compressed=compressed))

    def write(self, member: str, file: IO[bytes], limit: int, *, compressed: bool) -> int:
        """Write the content of a member to a file, and return its size in bytes."""
        return sum(file.write(chunk) for chunk in self.chunks(member, limit, compressed=compressed))
