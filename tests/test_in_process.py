"""Commands that tests run in their own process behave as commands in another process."""

import os
from functools import partial

import pytest
from decks import run, run_process, write_deck

NOTE = "# D\n\n## Which figure?\n\n![](figure:loud)\n\n![gone](gone.png)\n"
LOUD = """\
import sys
from matplotlib.figure import Figure
from deckgen.figures import figure
from deckgen.figures.style import canvas

@figure(alt="a line")
def loud() -> Figure:
    print("heard", file=sys.stderr)
    drawing = canvas(2)
    drawing.subplots().plot([1, 2])
    return drawing

@loud.check
def _(): pass
"""


COMMANDS = [["build", "--nonsense"], ["check", "deck", "--strict"]]
MORE = [["list", "deck"], ["list", "deck", "--json"], ["build", "deck", "--strict", "--out", "out"], ["check", "deck", "--github"], ["--version"], ["check", "-h"], [],
        ["figures", "deck", "--json"], ["lock", "new", "deck/a.md:3"], ["diff", "none.apkg", "none.apkg"]]  # fmt: skip


@pytest.mark.parametrize("arguments", [*COMMANDS, *(pytest.param(more, marks=pytest.mark.proof) for more in MORE)])
def test_output_and_status_equal_those_of_a_process(tmp_path, arguments):
    """That includes the output of a process that the command starts."""
    found = []
    for place, how in (("one", partial(run, own_workers=True)), ("two", run_process)):
        write_deck(tmp_path / place / "deck", {"a.md": NOTE, "figures/loud.py": LOUD})
        result = how(*arguments, cwd=tmp_path / place)
        found.append((result.returncode, result.stdout, result.stderr))
    assert found[0] == found[1]


def test_changes_of_the_process_are_undone(tmp_path):
    before = os.getcwd(), dict(os.environ)
    assert run("build", "nowhere", cwd=tmp_path, now=5, DECKGEN_TEST="1").returncode == 1
    assert (os.getcwd(), dict(os.environ)) == before


def test_an_unexpected_exception_gives_a_traceback(monkeypatch):
    monkeypatch.setattr("deckgen.cli.check.check_paths", None)
    result = run("check", __file__)
    assert result.returncode == 1 and "Traceback" in result.stderr and "TypeError" in result.stderr


def test_a_new_interpreter_is_started_if_the_environment_needs_one(tmp_path):
    write_deck(tmp_path, {"a.md": "# D\n\n## 查询?\n\nA\n"})
    assert "查询" in run("list", tmp_path, PYTHONIOENCODING="cp1252").stdout
