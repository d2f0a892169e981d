"""Mermaid and Graphviz fences: drawn by the tool that is installed, frozen with the notes, else shown as code."""

import json
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest
from decks import build, run, write_deck
from packages import members

from deckgen.scan.diagrams import find_diagrams

NOW = 1_700_000_000
GRAPH = "## What calls what?\n\nText.\n\n```dot\ndigraph { a -> b }\n```\n\nMore.\n"
FLOW = "## What follows?\n\n- first\n\n    ```mermaid\n    graph TD\n      a --> b\n    ```\n"
# Draws a picture of its own, as the tools do with their arguments; refuses code that holds "wrong".
_TOOL = """#!{python}
import sys
from PIL import Image
words = sys.argv[1:]
code = open(words[words.index("-i") + 1] if "-i" in words else words[-1]).read()
open({log!r}, "a").write(code + "=" * 9 + "\\n")
if "wrong" in code:
    sys.exit("syntax error near 'wrong'")
Image.new("RGB", (40, 2 * len(code)), "white").save(words[words.index("-o") + 1])
"""


@pytest.fixture
def tools(tmp_path, monkeypatch) -> Path:
    """Both tools as scripts that draw a plain picture; the file of what they were asked to draw."""
    log, folder = tmp_path / "drawn.txt", tmp_path / "bin"
    folder.mkdir()
    for name in ("mmdc", "dot"):
        (folder / name).write_text(_TOOL.format(python=sys.executable, log=str(log)))
        (folder / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return log


@pytest.fixture
def no_tools(monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))


def shown(deck: Path) -> list[str]:
    return [row["back"] for row in json.loads(run("list", deck, "--json").stdout)]


def test_diagrams_are_drawn_frozen_and_packed(tmp_path, tools):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH + "\n" + FLOW})
    summary = build(deck, tmp_path / "out", NOW, "--strict")
    assert (summary["notes"], summary["media"]) == (2, 2)
    assert tools.read_text() == "digraph { a -> b }\n=========\ngraph TD\n  a --> b\n=========\n"
    names = sorted(path.name for path in (deck / "figures" / "diagrams").iterdir())
    assert [name.rpartition(".")[2] for name in names] == ["json", "webp"] * 2
    first, second = shown(deck)
    assert first.startswith('<p>Text.</p>\n<p><img alt="Graphviz diagram" src="fig-graphviz-')
    assert 'width="20"' in first
    assert "<li>" in second
    assert "Mermaid diagram" in second


def test_what_is_frozen_needs_no_tool(tmp_path, tools, monkeypatch):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH})
    first = build(deck, tmp_path / "out", NOW)
    tools.unlink()
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    second = build(deck, tmp_path / "out2", NOW + 100, "--locked", "--strict")
    assert (second["changed"], second["unchanged"]) == (0, 1)
    assert members(Path(first["package"])) == members(Path(second["package"]))
    assert not tools.exists()


def test_without_the_tool_the_code_is_shown_and_told(tmp_path, no_tools):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH})
    result = run("build", deck, "--out", tmp_path / "out")
    assert result.returncode == 0
    assert (
        f"{deck}/a.md:5:1: info: the diagram is shown as code (install mmdc for Mermaid, dot for Graphviz"
        in result.stderr
    )
    assert "digraph" in shown(deck)[0]
    assert not (deck / "figures").exists()


def test_no_exec_runs_no_tool(tmp_path, tools):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH})
    result = run("build", deck, "--out", tmp_path / "out", "--no-exec")
    assert (result.returncode, tools.exists()) == (0, False)
    assert "[diagram-undrawn]" in result.stderr


def test_check_draws_nothing(tmp_path, tools):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH})
    assert (run("check", deck).stderr, tools.exists(), (deck / "figures").exists()) == ("", False, False)


def test_code_that_the_tool_refuses_is_an_error_at_its_line(tmp_path, tools):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH.replace("a -> b", "wrong")})
    result = run("build", deck, "--out", tmp_path / "out")
    assert result.returncode == 1
    assert (
        f"{deck}/a.md:5:1: error: dot cannot draw the diagram: syntax error near 'wrong' (correct the Graphviz code)"
        in result.stderr
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("code", ['a [image="/etc/x.png"]', "a [shapefile = x]"])
def test_a_graph_cannot_read_files(tmp_path, tools, code):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH.replace("a -> b", code)})
    assert "a diagram cannot read files" in run("build", deck, "--out", tmp_path / "out").stderr
    assert not tools.exists()


def test_prune_removes_what_no_note_has(tmp_path, tools):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH})
    build(deck, tmp_path / "out", NOW)
    (deck / "a.md").write_text(GRAPH.replace("a -> b", "a -> c"))
    build(deck, tmp_path / "out", NOW)
    folder = deck / "figures" / "diagrams"
    assert len([*folder.iterdir()]) == 4
    assert "1 frozen picture removed" in run("figures", deck, "--prune").stdout
    assert len([*folder.iterdir()]) == 2
    assert run("build", deck, "--out", tmp_path / "out", "--locked", "--strict").returncode == 0


def test_a_damaged_picture_is_an_error(tmp_path, tools):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH})
    build(deck, tmp_path / "out", NOW)
    next((deck / "figures" / "diagrams").glob("*.webp")).write_bytes(b"other")
    assert "[diagram-damaged]" in run("check", deck).stderr


def test_the_code_of_a_diagram_is_without_the_marks_of_what_holds_it():
    source = "> ```mermaid\n> mindmap\n>   root\n>\n>     leaf\n> ```\n\n~~~graphviz\ngraph {}"
    assert [(each.language, each.text) for each in find_diagrams(source)] == [
        ("mermaid", "mindmap\n  root\n\n    leaf\n"),
        ("graphviz", "graph {}\n"),
    ]


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
def test_graphviz_draws(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": GRAPH})
    assert build(deck, tmp_path / "out", NOW, "--strict")["media"] == 1
    wrong = write_deck(tmp_path / "wrong", {"a.md": GRAPH.replace("->", "->->")})
    assert "dot cannot draw the diagram: Error: syntax error in line 1" in run("build", wrong).stderr
