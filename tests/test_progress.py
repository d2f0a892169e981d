"""Progress is shown for work that lasts, on a terminal, and nowhere else."""

import os
import pty
import subprocess
import sys

import pytest
from decks import BOXES, write_deck

# The package, a screenful of new notes, how many more there are, the counts.
LINES = 23


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    """A figure that takes longer than work may take unseen, and notes enough to be told of afterwards."""
    notes = "".join(f"## Question {n}?\n\nIs $x_{n}$ **bold**?\n\n" for n in range(300))
    slow = BOXES.replace("    drawing =", "    import time; time.sleep(1.2)\n    drawing =", 1)
    files = {"a.md": f"# Many\n\n## Which?\n\n![](figure:boxes)\n\n{notes}", "figures/slow.py": slow}
    return write_deck(tmp_path_factory.mktemp("progress") / "deck", files)


def build(deck, out: str, stderr) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "deckgen", "build", deck, "--out", deck.parent / out],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def test_on_a_terminal(deck):
    terminal, theirs = pty.openpty()
    process = build(deck, "one", theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(terminal, 4096):
            shown += chunk
    except OSError:  # Linux's way to say that the other side is closed
        pass
    os.close(terminal)
    assert process.stdout.read().count("\n") == LINES and process.wait() == 0
    assert b"rendering" in shown and b"%" in shown


def test_nowhere_else(deck):
    process = build(deck, "two", subprocess.PIPE)
    stdout, stderr = process.communicate()
    assert process.returncode == 0 and stderr == "" and stdout.count("\n") in (2, LINES)
