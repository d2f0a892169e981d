"""Runs deckgen on a terminal (a pseudo-terminal), and returns what the terminal gets."""

import os
import re
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

# Windows has no such modules: tests that import this one are skipped there.
fcntl, pty, termios = map(pytest.importorskip, ("fcntl", "pty", "termios"))

# What sets colours and styles, and any other sequence that begins with ESC.
STYLE = re.compile(r"\x1b\[[\d;]*m")
SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[a-zA-Z]|[@-Z\\-_])")


def run_on_terminal(
    *arguments: object, cwd: Path, columns: int = 80, stdout: Path | None = None, **environment: str
) -> tuple[int, str]:
    """Run deckgen with a terminal as standard error and, unless `stdout` is a file, as standard output.

    Return its exit status, and what the terminal gets, with `\\n` as line ends.
    """
    command = [sys.executable, "-m", "deckgen", *map(str, arguments)]
    return run_program_on_terminal(command, cwd=cwd, columns=columns, stdout=stdout, **environment)


def run_program_on_terminal(
    command: Sequence[str], *, cwd: Path, columns: int = 80, stdout: Path | None = None, **environment: str
) -> tuple[int, str]:
    """Run a program as `run_on_terminal` runs deckgen."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    with open(stdout or os.devnull, "wb") as file:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**env, "TERM": "xterm-256color", **environment},
            stdin=theirs,
            stdout=file if stdout else theirs,
            stderr=theirs,
        )
    os.close(theirs)
    shown = _read_all(ours)
    return process.wait(), shown.decode().replace("\r\n", "\n")


def _read_all(terminal: int) -> bytes:
    chunks = []
    try:
        while chunk := os.read(terminal, 65536):
            chunks.append(chunk)
    except OSError:  # on Linux: the other side is closed
        pass
    finally:
        os.close(terminal)
    return b"".join(chunks)


def plain(text: str) -> str:
    """Return a text without the sequences that set colours and styles."""
    return STYLE.sub("", text)
