"""A zip archive whose bytes do not depend on the zlib that Python is linked with.

zlib and zlib-ng compress the same bytes to other ones, and versions of them too. So the members are compressed by libdeflate, in the
version that the package `deflate` brings along, and `zipfile` writes what is around them.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import deflate

# The earliest time that a zip entry can bear.
_TIME = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6  # as small as zlib's, in as much time


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip archive in an open file."""

    file: BinaryIO
    zip: zipfile.ZipFile

    def add(self, name: str, data: bytes, *, compress: bool) -> None:
        """Add a member behind those that are there."""
        info = zipfile.ZipInfo(name, _TIME)
        info.create_system = 3
        info.external_attr = 0o644 << 16
        if not compress:
            self.zip.writestr(info, data)
            return
        # `zipfile` stores what is compressed already, and is then told what it is.
        self.zip.writestr(info, bytes(deflate.deflate_compress(data, _LEVEL)))
        info.compress_type, info.file_size, info.CRC = zipfile.ZIP_DEFLATED, len(data), deflate.crc32(data)
        end = self.file.tell()
        self.file.seek(info.header_offset)
        self.file.write(info.FileHeader(zip64=False))
        self.file.seek(end)


@contextmanager
def open_archive(file: BinaryIO) -> Iterator[Archive]:
    """An archive that is whole when the block ends."""
    with zipfile.ZipFile(file, "w") as archive:
        yield Archive(file, archive)
