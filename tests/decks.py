"""Writes decks for tests and runs deckgen.

Commands run in the process of the tests, so that no modules are imported again. If only a new interpreter would read the
environment variables of a test, the command runs in a process of its own.
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
from contextlib import contextmanager, nullcontext
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
# A figure with two named boxes, 4 by 2 inches. Tests replace the comment `# parts` to draw more.
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
    """Write a deck and return its folder. `files` are by their path in the deck. Without a deck.toml, `DECK_TOML` is written."""
    for name, content in {"deck.toml": DECK_TOML, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


# Variables that Python and the C library read only when a process starts begin with these.
_AT_START = ("PYTHON", "LC_", "LANG", "TZ")


def run(
    *arguments: object, cwd: Path | None = None, now: int | None = None, own_workers: bool = False, **environment: str
) -> subprocess.CompletedProcess:
    """Run deckgen in this process, if that makes no difference. `now` is the time of the build in seconds (Unix time).

    All commands share the processes that compute figures, unless the command has its own ones. Only these write into its output.
    """
    if any(name.startswith(_AT_START) for name in environment):
        return run_process(*arguments, cwd=cwd, now=now, **environment)
    words = [str(argument) for argument in arguments]
    workers = nullcontext() if own_workers else kept_workers()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, workers:
        with _surroundings(cwd, {**environment, **_clock(now)}), _onto(1, "stdout", out), _onto(2, "stderr", err):
            status = _status(words)
        return subprocess.CompletedProcess(["deckgen", *words], status, _text(out), _text(err))


def run_together(*arguments: object, cwd: Path | None = None, **environment: str) -> tuple[int, str]:
    """Run deckgen in this process. Return its status, and both outputs in one text, in the order in which they were printed."""
    with tempfile.TemporaryFile("a+b") as file:
        with _surroundings(cwd, environment), _onto(1, "stdout", file), _onto(2, "stderr", file):
            status = _status([str(argument) for argument in arguments])
        return status, _text(file)


def run_process(
    *arguments: object, cwd: Path | None = None, now: int | None = None, **environment: str
) -> subprocess.CompletedProcess:
    """Run deckgen in a process of its own. `now` is the time of the build in seconds (Unix time)."""
    env = {**os.environ, **environment, **_clock(now)}
    return subprocess.run(
        [sys.executable, "-m", "deckgen", *map(str, arguments)], cwd=cwd, env=env, capture_output=True, text=True
    )


def _clock(now: int | None) -> dict[str, str]:
    return {"SOURCE_DATE_EPOCH": str(now)} if now else {}


def _status(words: list[str]) -> int:
    """Run the command and return its exit status. An unexpected exception prints a traceback and is status 1, as in a process."""
    try:
        main(words, prog_name="deckgen")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # any exception would end a process
        traceback.print_exc()
    return 1


@contextmanager
def _surroundings(cwd: Path | None, environment: Mapping[str, str]) -> Iterator[None]:
    """Set the current folder and the environment in the block."""
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
    """In the block, write the output of a file descriptor and of the stream of `sys` with that name into a file."""
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
    """Run git and return its output. With `ok`, check that it succeeded."""
    settings = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    result = subprocess.run(["git", *settings, *arguments], cwd=folder, capture_output=True, text=True)
    assert not ok or result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def build(deck: Path, out: Path, now: int, *options: str) -> dict:
    """Build a deck and return the summary of `--json`. The build must succeed."""
    result = run("build", deck, "--out", out, "--json", *options, now=now)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


class _KeptWorkerPool(WorkerPool):
    """Worker processes that run until the tests end. Starting one takes a second."""

    def shutdown(self) -> None:
        """Do nothing. The workers end with the tests."""


_worker_pool = _KeptWorkerPool()
atexit.register(WorkerPool.shutdown, _worker_pool)


@contextmanager
def kept_workers() -> Iterator[None]:
    """In the block, the processes that compute figures are those that all tests of this process share."""
    with patch("deckgen.figures.local_workers.WorkerPool", lambda: _worker_pool):
        yield


def build_in_process(deck: Path, out: Path, now: int, *, locked: bool = False) -> BuildResult:
    """Build a deck without the command line. All builds share the processes that compute figures."""
    with kept_workers():
        return build_deck(deck, out, now, strict=False, locked=locked, progress=lambda what, done, total: None)


_PICTURES = tempfile.TemporaryDirectory()


def with_pictures(deck: Path) -> Path:
    """Share the frozen pictures of the deck with other decks of this process, so that each is computed once. Return the deck."""
    if not (deck / "figures" / "frozen").exists():
        (deck / "figures" / "frozen").symlink_to(_PICTURES.name)
    return deck


def package_of(summary: dict) -> Path:
    """Return the path of the package in the summary of a build."""
    return Path(summary["package"])
