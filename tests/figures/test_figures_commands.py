"""`deckgen figures`, and the options of `deckgen build` that concern figures."""

import json
import re
from pathlib import Path

import pytest
from decks import run, write_deck
from figure_texts import LINE

from deckgen.cli.problem_formats import github_line
from deckgen.problems import Problem, Severity

NOTES = "# Notes\n\n## One?\n\n![](figure:line)\n\n## Two?\n\n```figure line\nn = 4\ntitle = 长\n```\n\n## Three?\n\n![](figure:line)\n"
SPARE = LINE.replace("line", "spare")


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return write_deck(tmp_path / "deck", {"a.md": NOTES, "figures/shapes.py": LINE, "figures/spare.py": SPARE})


def test_figures_lists_pictures_and_reasons(deck: Path, tmp_path: Path) -> None:
    listed = run("figures", deck, "--json", "--gallery", tmp_path / "gallery.html")
    assert (listed.returncode, listed.stderr) == (0, "")
    rows = json.loads(listed.stdout)
    assert [
        (row["figure"], row["parameters"]["n"], [place.rpartition("/")[2] for place in row["used"]], row["why"])
        for row in rows
    ] == [
        ("line", 3, ["a.md:3", "a.md:14"], ["new"]),
        ("line", 4, ["a.md:7"], ["new"]),
        ("spare", 3, [], ["not kept"]),
    ]
    assert all(row["bytes"] == Path(row["file"]).stat().st_size for row in rows[:2]) and rows[2]["file"] is None
    page = (tmp_path / "gallery.html").read_text("utf-8")
    assert page.count('src="data:image/webp;base64,') == 6 and page.count('<div class="nightMode">') == 3
    assert ".nightMode img.computed" in page and 'src="fig' not in page
    assert len([*(deck / "figures" / "frozen").iterdir()]) == 4, "what no note uses is not kept"
    lines = run("figures", deck).stdout.splitlines()
    assert lines[0].endswith("a.md:14; frozen") and lines[2].endswith("not used; computed: not kept")
    shapes = deck / "figures" / "shapes.py"
    shapes.write_text(shapes.read_text("utf-8").replace("canvas(2)", "canvas(3)"), "utf-8")
    lines = run("figures", deck).stdout.splitlines()
    assert re.fullmatch(r"line\(.*n=3.*\): \d+ bytes, .*a.md:3, .*a.md:14; computed: code of shapes changed", lines[0])
    refreshed = json.loads(run("figures", deck, "--json", "--refresh").stdout)
    assert [row["why"] for row in refreshed] == [["refreshed"], ["refreshed"], ["not kept"]]


def test_a_failure_is_reported_at_its_note_or_declaration(deck: Path) -> None:
    spare = deck / "figures" / "spare.py"
    spare.write_text(
        "from threading import Thread\n"
        + SPARE.replace("assert n > 0", "Thread(target=open, args=['/etc/hosts']).start()"),
        "utf-8",
    )
    write_deck(deck, {"a.md": NOTES.replace("n = 4", "n = 0"), "b.md": "# B\n\n## Four?\n\n![](figure:lin)\n"})
    for options in ((), ("--check",)):
        listed = run("figures", deck, *options)
        assert listed.returncode == 1 and listed.stdout.startswith("line(") and listed.stdout.count("\n") == 1
        assert re.search(r"a\.md:7:1: error: figure line\(.*n=0.*: its check failed: n is 0", listed.stderr)
        assert re.search(r"b\.md:3:1: error: there is no figure lin \(did you mean line\?\)", listed.stderr)
        assert re.search(
            r"spare\.py:8:1: error: figure spare\(.*: it reads /etc/hosts, which is not declared", listed.stderr
        )
        assert "Traceback" not in listed.stderr


def test_a_hint_follows_the_message_before_the_lines_of_code() -> None:
    problem = Problem(
        "a.md", 3, 5, Severity.ERROR, "figure-outside", "it reads x\n  File m.py\n    open(x)", "declare it"
    )
    assert str(problem) == "a.md:3:5: error: it reads x (declare it) [figure-outside]\n  File m.py\n    open(x)"
    assert (
        github_line(problem)
        == "::error file=a.md,line=3,col=5::it reads x (declare it) [figure-outside]%0A  File m.py%0A    open(x)"
    )
