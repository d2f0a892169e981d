"""Write a zip archive with the same bytes on every machine.

zlib, zlib-ng and their versions compress the same data to different bytes, and Python may be linked with any of them. So libdeflate
compresses the members, in the version that the package `deflate` contains. `zipfile` writes the rest of the archive.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import deflate

# The earliest time that a zip archive can store.
_TIME = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6  # size and time are about those of zlib


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip archive in an open file."""

    file: BinaryIO
    zip: zipfile.ZipFile

    def add(self, name: str, data: bytes, *, compress: bool) -> None:
        """Add a member at the end of the archive."""
        info = zipfile.ZipInfo(name, _TIME)
        info.create_system = 3
        info.external_attr = 0o644 << 16
        if not compress:
            self.zip.writestr(info, data)
            return
        # `zipfile` stores the compressed bytes. Then the header is corrected, because it says that they are not compressed.
        self.zip.writestr(info, bytes(deflate.deflate_compress(data, _LEVEL)))
        info.compress_type, info.file_size, info.CRC = zipfile.ZIP_DEFLATED, len(data), deflate.crc32(data)
        end = self.file.tell()
        self.file.seek(info.header_offset)
        self.file.write(info.FileHeader(zip64=False))
        self.file.seek(end)


@contextmanager
def open_archive(file: BinaryIO) -> Iterator[Archive]:
    """An empty archive in an open binary file. It is complete at the end of the block."""
    with zipfile.ZipFile(file, "w") as archive:
        yield Archive(file, archive)
