"""Decks on disk for tests: written from texts, built by the command in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from deckgen.pipeline import Built
from deckgen.pipeline import build as build_deck

DECK_TOML = 'id = "0123456789abcdef"\nname = "Test Deck"\nslug = "test-deck"\nversion = "1.0.0"\n'
# A picture of one grey pixel.
PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da6368000000820081"
                      "77cd72b60000000049454e44ae426082")
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


def run(*arguments: object, cwd: Path | None = None, now: int | None = None, **environment: str) -> subprocess.CompletedProcess:
    """Run deckgen; `now` is the time of the build."""
    env = {**os.environ, **environment, **({"SOURCE_DATE_EPOCH": str(now)} if now else {})}
    return subprocess.run([sys.executable, "-m", "deckgen", *map(str, arguments)], cwd=cwd, env=env, capture_output=True, text=True)


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


def built_here(deck: Path, out: Path, now: int, *, locked: bool = False) -> Built:
    """Build a deck in this process: for tests that build dozens of times and are not about the command."""
    return build_deck(deck, out, now, strict=False, locked=locked, progress=lambda what, done, total: None)


def package_of(summary: dict) -> Path:
    return Path(summary["package"])
