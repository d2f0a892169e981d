"""Runs a command and measures it: time, processor time, and the memory of all its processes together. Needs Linux for memory."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

PAGE = os.sysconf("SC_PAGE_SIZE")
# The modules of an installed package are compiled. Without this, some environments compile those of a checkout in each process.
_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


class Measured(NamedTuple):
    """`seconds` of the clock, `processor` seconds of all processes, and the largest `memory` of all processes together, in MB."""

    seconds: float
    processor: float
    memory: float


def measured(*command: object, python: str = sys.executable, cwd: Path | None = None, **environment: str) -> Measured:
    """Run Python with arguments, or with the script that is the first argument, and measure it. Exits if it fails."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [python, *map(str, command)], stdout=subprocess.DEVNULL, cwd=cwd, env={**os.environ, **_COMPILED, **environment}
    )
    peak = _Peak(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        sys.exit(f"{command} failed")
    # A short command may end before its memory is read.
    return Measured(seconds, usage.ru_utime + usage.ru_stime, max(peak.end(), usage.ru_maxrss * 1024) / 1e6)


class _Peak:
    """Reads the memory of a process and its children ten times in a second. Memory that they share is counted for each."""

    def __init__(self, pid: int):
        self._pid = pid
        self._largest = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def end(self) -> int:
        """Stop, and return the largest sum in bytes."""
        self._over.set()
        self._thread.join()
        return self._largest

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self._largest = max(self._largest, sum(map(_resident, _family(self._pid))))


def _family(pid: int) -> list[int]:
    """The process and its descendants."""
    try:
        children = [
            int(word)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for word in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return [pid, *(each for child in children for each in _family(child))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
