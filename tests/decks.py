"""Decks on disk for tests: written from texts, built by the command.

Commands run in the process of the tests, where an import costs nothing, unless the environment that they are given is read by a new
interpreter alone.
"""

import atexit
import io
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from deckgen.cli import main
from deckgen.figures.worker_pool import WorkerPool
from deckgen.pipeline import BuildResult
from deckgen.pipeline import build as build_deck

DECK_TOML = 'id = "0123456789abcdef"\nname = "Test Deck"\nslug = "test-deck"\nversion = "1.0.0"\n'
# A picture of one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da6368000000820081"
    "77cd72b60000000049454e44ae426082"
)
# A figure of two named boxes, 4 by 2 inches; more can be drawn where the comment is.
BOXES = """
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from deckgen.figures import figure, part

@figure(alt="two boxes and a label")
def boxes() -> Figure:
    drawing = Figure(figsize=(4, 2))
    axes = drawing.add_axes((0, 0, 1, 1), xlim=(0, 4), ylim=(0, 2))
    axes.set_axis_off()
    def box(x, y, name, group=None):
        part(axes.add_patch(Rectangle((x, y), 1, 0.5, facecolor="#17825E", linewidth=0)), name, group)
    # parts
    box(0.5, 1, "upper")
    box(2, 0.25, "lower")
    return drawing

@boxes.check
def _(): pass
"""


def write_deck(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write a deck: deck.toml unless given, and the files by their path inside."""
    for name, content in {"deck.toml": DECK_TOML, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


# What Python and the C library read when a process starts.
_AT_START = ("PYTHON", "LC_", "LANG", "TZ")


def run(
    *arguments: object, cwd: Path | None = None, now: int | None = None, **environment: str
) -> subprocess.CompletedProcess:
    """Run deckgen; `now` is the time of the build. In this process if that makes no difference."""
    if any(name.startswith(_AT_START) for name in environment):
        return run_process(*arguments, cwd=cwd, now=now, **environment)
    words = [str(argument) for argument in arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with _surroundings(cwd, {**environment, **_clock(now)}), _onto(1, "stdout", out), _onto(2, "stderr", err):
            status = _status(words)
        return subprocess.CompletedProcess(["deckgen", *words], status, _text(out), _text(err))


def run_process(
    *arguments: object, cwd: Path | None = None, now: int | None = None, **environment: str
) -> subprocess.CompletedProcess:
    """Run deckgen in a process of its own: for tests of what a process does."""
    env = {**os.environ, **environment, **_clock(now)}
    return subprocess.run(
        [sys.executable, "-m", "deckgen", *map(str, arguments)], cwd=cwd, env=env, capture_output=True, text=True
    )


def _clock(now: int | None) -> dict[str, str]:
    return {"SOURCE_DATE_EPOCH": str(now)} if now else {}


def _status(words: list[str]) -> int:
    """The exit status of the command. A traceback is printed, and is status 1, as at the end of a process."""
    try:
        main(words, prog_name="deckgen")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # whatever it is: a process would end with it
        traceback.print_exc()
    return 1


@contextmanager
def _surroundings(cwd: Path | None, environment: Mapping[str, str]) -> Iterator[None]:
    """The current folder and the environment, for a while."""
    folder, before = os.getcwd(), dict(os.environ)
    try:
        os.environ.update(environment)
        os.chdir(cwd or folder)
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _onto(descriptor: int, name: str, file: io.BufferedRandom) -> Iterator[None]:
    """Make the descriptor, and Python's stream of that name, write into the file."""
    before, stream = os.dup(descriptor), getattr(sys, name)
    os.dup2(file.fileno(), descriptor)
    replaced = open(descriptor, "w", encoding="utf-8", closefd=False)
    setattr(sys, name, replaced)
    try:
        yield
    finally:
        setattr(sys, name, stream)
        replaced.close()
        os.dup2(before, descriptor)
        os.close(before)


def _text(file: io.BufferedRandom) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


def git(folder: Path, *arguments: str, ok: bool = True) -> str:
    """Run git; what it prints."""
    settings = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    result = subprocess.run(["git", *settings, *arguments], cwd=folder, capture_output=True, text=True)
    assert not ok or result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def build(deck: Path, out: Path, now: int, *options: str) -> dict:
    """Build a deck that must build; the summary."""
    result = run("build", deck, "--out", out, "--json", *options, now=now)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


class _KeptWorkerPool(WorkerPool):
    """Worker processes that live until the tests end: to start one costs a second."""

    def shutdown(self) -> None:
        """Do nothing: the workers end with the tests."""


_worker_pool = _KeptWorkerPool()
atexit.register(WorkerPool.shutdown, _worker_pool)


def build_in_process(deck: Path, out: Path, now: int, *, locked: bool = False) -> BuildResult:
    """Build a deck without the command. Figures are computed by processes that all these builds share."""
    with patch("deckgen.figures.local_workers.WorkerPool", lambda: _worker_pool):
        return build_deck(deck, out, now, strict=False, locked=locked, progress=lambda what, done, total: None)


_PICTURES = tempfile.TemporaryDirectory()


def with_pictures(deck: Path) -> Path:
    """The deck, its frozen pictures those that this process has computed before: a drawing of several tests is computed once."""
    if not (deck / "figures" / "frozen").exists():
        (deck / "figures" / "frozen").symlink_to(_PICTURES.name)
    return deck


def package_of(summary: dict) -> Path:
    return Path(summary["package"])
