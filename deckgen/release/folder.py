"""The folder of a release: whole or not there, with the checksums of what it holds."""

from collections.abc import Mapping
from pathlib import Path

from deckgen.release.last import sha256

SUMS = "SHA256SUMS"


def write_sums(folder: Path) -> None:
    """Write the checksums of all files of the folder, as `sha256sum --check` reads them."""
    rows = [f"{sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / SUMS).write_bytes("".join(rows).encode())


def same_files(folder: Path, other: Path) -> bool:
    """Whether two folders hold the same, by their checksums."""
    sums = other / SUMS
    return sums.is_file() and sums.read_bytes() == (folder / SUMS).read_bytes()
