"""Measures time and memory of builds: the first one, a second one, and one after an edit, each in its own process.

Bounds on two cores: 10,000 notes in 40 s and 400 MB, 20,000 notes in at most 2.1 times that. Otherwise the exit status is 1.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from make_notes import make_notes

SECONDS, MEGABYTES, GROWTH = 40, 400, 2.1


def measured(*arguments: object) -> tuple[float, float]:
    """Run deckgen and return the seconds and the peak memory (MB)."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "deckgen", *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit("deckgen failed")
    return time.perf_counter() - begun, usage.ru_maxrss / 1000


def bench(home: Path, count: int) -> tuple[float, float]:
    deck, out = home / str(count), home / f"out{count}"
    make_notes(deck, count)
    measured("init", deck)
    cold = measured("build", deck, "--out", out)
    again = measured("build", deck, "--out", out)
    first = deck / "00000.md"
    first.write_text(first.read_text("utf-8").replace("其中", "这里", 1), "utf-8")
    edited = measured("build", deck, "--out", out)
    size = next(out.glob("*.apkg")).stat().st_size / 1e6
    for name, (seconds, megabytes) in (("cold", cold), ("again", again), ("one edit", edited)):
        print(f"{count:6d} notes  {name:8s}  {seconds:6.1f} s  {count / seconds:6.0f} notes/s  {megabytes:5.0f} MB")
    print(f"{count:6d} notes  package   {size:6.1f} MB")
    return cold


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        small, large = bench(Path(home), 10_000), bench(Path(home), 20_000)
    growth = large[0] / small[0]
    print(f"twice the notes take {growth:.2f} times as long")
    if small[0] > SECONDS or small[1] > MEGABYTES or growth > GROWTH:
        sys.exit("beyond the bounds")


if __name__ == "__main__":
    main()
