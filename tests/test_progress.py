"""A terminal shows the progress of long work. Other outputs do not."""

import os
import re
import subprocess
import sys

import pytest
from decks import BOXES, write_deck
from terminals import run_program_on_terminal

# The lines of a build: the package, 20 new notes, the number of further notes, the counts.
LINES = 23


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    """A deck with a figure that takes long enough for a progress bar, and with many notes."""
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


def test_a_terminal_shows_progress(deck):
    terminal, theirs = os.openpty()
    process = build(deck, "one", theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(terminal, 4096):
            shown += chunk
    except OSError:  # on Linux: the other side is closed
        pass
    os.close(terminal)
    assert process.stdout.read().count("\n") == LINES and process.wait() == 0
    # Which stages are shown depends on the speed of the machine.
    assert re.search(rb"computing figures|rendering|writing", shown) and b"%" in shown


def test_a_pipe_shows_no_progress(deck):
    process = build(deck, "two", subprocess.PIPE)
    stdout, stderr = process.communicate()
    assert process.returncode == 0 and stderr == "" and stdout.count("\n") in (2, LINES)


def test_a_terminal_shows_work_that_reports_nothing_and_the_results_go_to_their_file(tmp_path):
    code = (
        "import os, threading, time\n"
        "from deckgen.cli.progress import progress\n"
        "end = time.monotonic() + (1.5 if os.environ['TERM'] == 'dumb' else 60)\n"
        "with progress('comparing') as update:\n"
        "    while time.monotonic() < end and not any('rich' in type(each).__module__ for each in threading.enumerate()):\n"
        "        time.sleep(0.05)\n"
        "    time.sleep(0.3)\n"
        "    print('a result')\n"
        "    update('writing', 1, 2)\n"
        "    time.sleep(0.3)\n"
    )
    for number, terminal in enumerate(("xterm", "dumb")):
        out = tmp_path / str(number)
        status, shown = run_program_on_terminal([sys.executable, "-c", code], cwd=tmp_path, stdout=out, TERM=terminal)
        assert (status, out.read_text()) == (0, "a result\n")
        assert ("comparing" in shown, "writing" in shown, "50%" in shown) == (terminal == "xterm",) * 3
