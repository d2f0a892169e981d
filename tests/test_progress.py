"""Progress is shown for work that lasts, on a terminal, and nowhere else."""

import os
import pty
import subprocess
import sys

import pytest
from decks import write_deck


# The package, a screenful of new notes, how many more there are, the counts.
LINES = 23


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    notes = "".join(f"## Question {n}?\n\nIs $x_{n}$ **bold**?\n\n```python\nx = {n}\n```\n\n" for n in range(3000))
    return write_deck(tmp_path_factory.mktemp("progress") / "deck", {"a.md": f"# Many\n\n{notes}"})


def build(deck, stderr) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "deckgen", "build", deck, "--out", deck.parent / "out"],
                            stdout=subprocess.PIPE, stderr=stderr, text=True)


def test_on_a_terminal(deck):
    terminal, theirs = pty.openpty()
    process = build(deck, theirs)
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
    process = build(deck, subprocess.PIPE)
    stdout, stderr = process.communicate()
    assert process.returncode == 0 and stderr == "" and stdout.count("\n") in (2, LINES)
