"""Small disks in memory, for tests of what happens when a disk is full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a new disk at `folder`. `size` is what `mount` takes, such as `512k`. The test is skipped if nothing can be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("cannot mount a small disk here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(disk: Path, left: int = 0) -> None:
    """Fill the disk, except for `left` bytes."""
    state = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(max(state.f_bavail * state.f_frsize - left, 0)))
