"""Measures the time from a save to the new card in a browser: after an edit of a note, of theme.css and of deck.toml.

Beside the time of the clock are the processor seconds that deckgen used until the card was shown. On a machine that does other work,
they say more.

Bounds on two cores: 0.5 s with 300 notes, and 1 s with 10,000, as the median of five saves. Otherwise the exit status is 1.
"""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser import browser
from make_notes import make_notes

BOUNDS = {300: 0.5, 10_000: 1.0}  # seconds
SAVES = 5
PATIENCE = 600.0
# Sets `shown` to the time, in milliseconds since 1970, when a condition is true. The page looks each time before it draws.
WATCH = """shown = 0; (() => {
    const look = () => { try { if (CONDITION) { shown = Date.now(); return; } } catch (error) {} requestAnimationFrame(look); };
    look();
})()"""
FRAME = "document.getElementById('front').contentDocument"


class Shown(NamedTuple):
    """`seconds` of the clock from a save to the card, and `processor` seconds of the preview in this time."""

    seconds: float
    processor: float


@contextmanager
def served(deck: Path) -> Iterator[tuple[str, int]]:
    """Run `deckgen preview`. Yield its address and its process id when it has read the deck."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "deckgen", "preview", deck, "--port", str(port), "--no-open"], stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        end = time.monotonic() + PATIENCE
        while not notes_at(address):
            if time.monotonic() > end or process.poll() is not None:
                sys.exit("deckgen preview did not start")
            time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def notes_at(address: str) -> int:
    try:
        return len(json.load(urllib.request.urlopen(f"{address}api/deck"))["notes"])
    except OSError:
        return 0


def processor_seconds(pid: int) -> float:
    """The processor time of a process and of its children that ended."""
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def shown_after(session: str, pid: int, path: Path, text: str, condition: str) -> Shown:
    """Save a text, and measure until a condition is true in the page. `pid` is the process of the preview."""
    before = processor_seconds(pid)
    browser().evaluate(session, WATCH.replace("CONDITION", condition))
    begun = time.time()
    path.write_text(text, "utf-8")
    end = time.monotonic() + PATIENCE
    while not (shown := browser().evaluate(session, "shown")):
        if time.monotonic() > end:
            sys.exit(f"{path.name} was saved, and the page did not change")
        time.sleep(0.01)
    used = processor_seconds(pid) - before
    # Saves of people are further apart: the lints run in between.
    time.sleep(3)
    return Shown(shown / 1000 - begun, used)


def measured(session: str, pid: int, deck: Path) -> dict[str, list[Shown]]:
    note, toml = deck / "00000.md", deck / "deck.toml"
    written, settings = note.read_text("utf-8"), toml.read_text("utf-8")
    edits: dict[str, Callable[[int], tuple[Path, str, str]]] = {
        "note": lambda n: (note, written.replace("怎样", f"怎样 {n} ", 1), f"{FRAME}.body.innerText.includes('怎样 {n} ')"),
        "theme.css": lambda n: (
            deck / "theme.css", f".card {{ color: rgb({n}, 0, 0); }}", f"getComputedStyle({FRAME}.body).color === 'rgb({n}, 0, 0)'",
        ),
        # A setting that the notes depend on, such as the name of the deck, reads all of them again.
        "deck.toml": lambda n: (
            toml, re.sub("(?m)^description = .*", f'description = "edit {n}"', settings),
            f"document.getElementById('description').textContent.includes('edit {n}')",
        ),
    }  # fmt: skip
    return {name: [shown_after(session, pid, *edit(n)) for n in range(1, SAVES + 1)] for name, edit in edits.items()}


def main() -> None:
    slow = False
    for count, bound in BOUNDS.items():
        with tempfile.TemporaryDirectory() as home:
            deck = Path(home) / "deck"
            make_notes(deck, count)
            subprocess.run([sys.executable, "-m", "deckgen", "init", deck], check=True, stdout=subprocess.DEVNULL)
            with served(deck) as (address, pid), browser().page(address, 1200) as session:
                time.sleep(3)
                for name, times in measured(session, pid, deck).items():
                    median = statistics.median(each.seconds for each in times)
                    used = statistics.median(each.processor for each in times)
                    slow = slow or median > bound
                    print(
                        f"{count:6d} notes  preview, saved {name:9s}  {median:5.2f} s until the card is shown  "
                        f"(at most {max(each.seconds for each in times):.2f} s; processor {used:.2f} s)"
                    )
    if slow:
        sys.exit("beyond the bounds")


if __name__ == "__main__":
    main()
