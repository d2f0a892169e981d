"""Test builds of which worker processes are killed at random moments: the ones that draw figures, and the ones that render notes."""

import os
import shutil
import zipfile

import pytest
from decks import build_in_process, write_deck
from killer import copies_with_killed_workers
from test_killed_at_random import contents

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
NOW = 1_700_000_000
SAMPLE_AND_ALL = pytest.mark.parametrize("count", [2, pytest.param(200, marks=pytest.mark.proof)])
FIGURE = """
from matplotlib.figure import Figure
from deckgen.figures import figure

@figure(alt="a line")
def line(height: int = 1) -> Figure:
    drawing = Figure(figsize=(4, 2))
    drawing.add_axes((0.2, 0.2, 0.6, 0.6)).plot([0, 1], [0, height * {}])
    return drawing

@line.check
def _(height): pass
"""
PICTURES = "# Deck\n\n" + "".join(f"## What is {n}?\n\n![](figure:line?height={n})\n\n" for n in range(1, 5))
IMPORTS = """
import json, os, sys
from deckgen.pipeline import build, workers
from deckgen.problems import DeckError
"""
# The problems of a build that fails are in the file `problems` next to the deck. The exit status is then 1.
BUILD = f"""
try:
    build(copy / "deck", copy / "out", {NOW}, strict=False, locked=False, progress=lambda *_: None)
except DeckError as error:
    (copy / "problems").write_text(json.dumps([each.code for each in error.problems]))
    os._exit(1)
"""
# Small decks are rendered in several processes, as large ones are.
IN_PROCESSES = "workers.BYTES = 1\nos.cpu_count = lambda: 3\n" + BUILD


@SAMPLE_AND_ALL
def test_a_build_whose_figure_worker_is_killed_fails_whole_or_is_right(count, tmp_path):
    """A figure whose worker was killed is a problem. Then nothing is written, and the next build is right."""
    home, kills, failures = tmp_path / "home", 0, 0
    deck = write_deck(home / "deck", {"a.md": PICTURES, "figures/f.py": FIGURE.format(1)})
    package = build_in_process(deck, home / "out", NOW).package.name
    write_deck(deck, {"deck.toml": (deck / "deck.toml").read_bytes(), "figures/f.py": FIGURE.format(2)})
    before = {name: data for name, data in contents(home).items() if name.endswith((".lock", ".apkg", ".md"))}
    for copy, killed, status in copies_with_killed_workers(home, IMPORTS, BUILD, count, seed=3):
        kills += killed
        assert zipfile.ZipFile(copy / "out" / package).testzip() is None
        if status:
            failures += 1
            assert killed and (copy / "problems").read_text() == '["figure-lost"]'
            (copy / "problems").unlink()
            found = contents(copy)
            assert {name: found[name] for name in before} == before
            build_in_process(copy / "deck", copy / "out", NOW)
        assert contents(copy) == contents(tmp_path / "complete"), copy.name
        shutil.rmtree(copy)
    assert kills > count / 4 and (count < 10 or failures), "killed too rarely to prove anything"


@SAMPLE_AND_ALL
def test_a_build_whose_render_worker_is_killed_is_right(count, tmp_path, monkeypatch):
    """The tasks of the worker are run by the build itself."""
    monkeypatch.setenv("DECKGEN_CACHE", "")
    home, kills = tmp_path / "home", 0
    write_deck(home / "deck", {f"{n}.md": note_file(n) for n in range(12)})
    for copy, killed, status in copies_with_killed_workers(home, IMPORTS, IN_PROCESSES, count, seed=4):
        kills += killed
        assert status == 0 and contents(copy) == contents(tmp_path / "complete"), copy.name
        shutil.rmtree(copy)
    assert kills > count / 4, "killed too rarely to prove anything"


def note_file(number: int) -> str:
    """A file that takes some hundredths of a second to render."""
    return "# Deck\n\n" + "".join(
        f"## What is {number}.{n}?\n\nA $x_{{{n}}}$ and **b**.\n\n```python\nx = {n}\n```\n\n" for n in range(10)
    )
